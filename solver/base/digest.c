/* The SHA-256 that identifies what was read. */
#include "base/digest.h"

#include <nettle/sha2.h>
#include <string.h>

#include "base/source.h"

void dt_digest(const dt_source *source, size_t sets, const char *const *set, char out[65]) {
    struct sha256_ctx context;
    uint8_t bytes[SHA256_DIGEST_SIZE];
    size_t length;
    const char *text = dt_source_text(source, &length);
    sha256_init(&context);
    sha256_update(&context, length, (const uint8_t *)text);
    for (size_t i = 0; i < sets; i++) {
        sha256_update(&context, 1, (const uint8_t *)"");
        sha256_update(&context, strlen(set[i]), (const uint8_t *)set[i]);
    }
    sha256_digest(&context, sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}
