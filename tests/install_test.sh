#!/usr/bin/env bash
# Installs a build into an empty directory and uses it as others would: the program, a C file against
# the pkg-config file, and a CMake project against the package. Usage: install_test.sh BUILD_DIR
set -euo pipefail
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cmake --install "$build" --prefix "$work/prefix" >/dev/null
"$work/prefix/bin/deterra" --version

mkdir "$work/use"
cat >"$work/use/use.c" <<'C'
#include <deterra/deterra.h>
#include <stdio.h>
int main(void) {
    dt_diag *diag = dt_diag_new();
    printf("%s %zu\n", dt_version(), dt_concept_count());
    dt_diag_free(diag);
    return 0;
}
C
pc=$(dirname "$(find "$work/prefix" -name deterra.pc)")
lib=$(dirname "$(find "$work/prefix" -name libdeterra.so)")
# flags are several words
# shellcheck disable=SC2046
gcc "$work/use/use.c" -o "$work/use/by_pkg_config" \
    $(PKG_CONFIG_PATH="$pc" pkg-config --cflags --libs deterra)
LD_LIBRARY_PATH="$lib" "$work/use/by_pkg_config"

cat >"$work/use/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(use C)
find_package(deterra 0.1 REQUIRED)
add_executable(use use.c)
target_link_libraries(use PRIVATE deterra::deterra)
CMAKE
cmake -S "$work/use" -B "$work/use/build" -DCMAKE_PREFIX_PATH="$work/prefix" >/dev/null
cmake --build "$work/use/build" >/dev/null
LD_LIBRARY_PATH="$lib" "$work/use/build/use"
