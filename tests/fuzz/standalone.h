/* A main for a fuzz harness without libFuzzer: runs it over the files named on the command line. */
#ifndef DT_FUZZ_STANDALONE_H
#define DT_FUZZ_STANDALONE_H

#ifdef DETERRA_FUZZ_STANDALONE
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int run_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 1;
    }
    static uint8_t data[1 << 20];
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    return LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv) {
    int failed = 0;
    for (int i = 1; i < argc; i++)
        failed |= run_file(argv[i]);
    printf("%d inputs\n", argc - 1);
    return failed;
}
#endif

#endif
