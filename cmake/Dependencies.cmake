# What deterra stands on. A missing piece is named together with the Debian package that holds it.
find_package(PkgConfig QUIET)
if(NOT PKG_CONFIG_FOUND)
  message(FATAL_ERROR "pkg-config is missing: apt-get install pkg-config")
endif()

set(DETERRA_DEPENDENCIES "")
set(DETERRA_MISSING "")

# A library with a pkg-config file.
macro(deterra_pkg prefix module debian)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET ${module})
  if(${prefix}_FOUND)
    list(APPEND DETERRA_DEPENDENCIES PkgConfig::${prefix})
  else()
    list(APPEND DETERRA_MISSING "${module} (Debian package ${debian})")
  endif()
endmacro()

# A library found by one of the modules beside this file.
macro(deterra_find package debian)
  find_package(${package} QUIET)
  if(${package}_FOUND)
    list(APPEND DETERRA_DEPENDENCIES ${package}::${package})
  else()
    list(APPEND DETERRA_MISSING "${package} (Debian package ${debian})")
  endif()
endmacro()

deterra_pkg(LIBCONFIG libconfig libconfig-dev)   # config files
deterra_pkg(CJSON libcjson libcjson-dev)         # JSON output
deterra_pkg(NETTLE nettle nettle-dev)            # SHA-256 of a config
deterra_pkg(SQLITE sqlite3 libsqlite3-dev)       # the store of a sweep
deterra_pkg(GSL gsl libgsl-dev)                  # sampling designs
deterra_find(GLPK libglpk-dev)                   # linear programs
deterra_find(Arb libflint-arb-dev)               # ball arithmetic
if(Arb_FOUND) # Debian's name is flint-arb, upstream's arb: for the pkg-config file
  get_filename_component(DETERRA_ARB_NAME "${Arb_LIBRARY}" NAME_WE)
  string(REGEX REPLACE "^lib" "" DETERRA_ARB_NAME "${DETERRA_ARB_NAME}")
endif()
deterra_find(FLINT libflint-dev)                 # exact rationals
pkg_check_modules(GMP QUIET IMPORTED_TARGET gmp) # below FLINT
if(GMP_FOUND)
  list(APPEND DETERRA_DEPENDENCIES PkgConfig::GMP)
else()
  list(APPEND DETERRA_MISSING "gmp (Debian package libgmp-dev)")
endif()

find_package(OpenMP QUIET COMPONENTS C)          # parallel enumeration
if(OpenMP_C_FOUND)
  list(APPEND DETERRA_DEPENDENCIES OpenMP::OpenMP_C)
else()
  list(APPEND DETERRA_MISSING "OpenMP (part of gcc; for clang Debian package libomp-dev)")
endif()
list(APPEND DETERRA_DEPENDENCIES m)
find_package(Threads REQUIRED)                   # the desk of a sweep
list(APPEND DETERRA_DEPENDENCIES Threads::Threads)

find_package(MPI QUIET COMPONENTS C)             # deterra-mpi, which is left out without it
if(MPI_C_FOUND)
  message(STATUS "MPI found: building deterra-mpi")
else()
  message(STATUS "MPI not found: deterra-mpi is left out (Debian package libopenmpi-dev)")
endif()

if(BUILD_TESTING)
  pkg_check_modules(CUNIT QUIET IMPORTED_TARGET cunit) # unit tests
  if(NOT CUNIT_FOUND)
    list(APPEND DETERRA_MISSING "cunit (Debian package libcunit1-dev; or configure with -DBUILD_TESTING=OFF)")
  endif()
endif()

if(DETERRA_MISSING)
  list(JOIN DETERRA_MISSING "\n  " DETERRA_MISSING_LINES)
  message(FATAL_ERROR "deterra needs:\n  ${DETERRA_MISSING_LINES}\nOn Debian: scripts/quickstart installs them.")
endif()
