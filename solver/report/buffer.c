/* A growing string that remembers a failed allocation until the end. */
#include "report/buffer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for so many bytes and the NUL behind them. */
static bool grow(dt_buffer *buffer, size_t length) {
    size_t room = length < SIZE_MAX / 4 ? 2 * (buffer->length + length) + 256 : 0;
    char *grown = room ? realloc(buffer->text, room) : NULL;
    if (!grown) {
        buffer->failed = true;
        return false;
    }
    buffer->text = grown;
    buffer->room = room;
    return true;
}

static bool has_room(dt_buffer *buffer, size_t length) {
    if (buffer->failed)
        return false;
    return (buffer->text && length < buffer->room - buffer->length) || grow(buffer, length);
}

void dt_buffer_bytes(dt_buffer *buffer, const char *data, size_t length) {
    if (!has_room(buffer, length))
        return;
    if (length)
        memcpy(buffer->text + buffer->length, data, length);
    buffer->length += length;
    buffer->text[buffer->length] = '\0';
}

void dt_buffer_add(dt_buffer *buffer, const char *text) {
    dt_buffer_bytes(buffer, text, strlen(text));
}

void dt_buffer_char(dt_buffer *buffer, char c) {
    dt_buffer_bytes(buffer, &c, 1);
}

void dt_buffer_repeat(dt_buffer *buffer, const char *text, size_t times) {
    size_t length = strlen(text);
    if (length == 1 && has_room(buffer, times)) {
        memset(buffer->text + buffer->length, *text, times);
        buffer->length += times;
        buffer->text[buffer->length] = '\0';
        return;
    }
    for (size_t i = 0; i < times && !buffer->failed; i++)
        dt_buffer_bytes(buffer, text, length);
}

void dt_buffer_plain(dt_buffer *buffer, const char *text) {
    size_t first = buffer->length;
    dt_buffer_add(buffer, text);
    for (size_t i = first; i < buffer->length; i++) {
        unsigned char c = (unsigned char)buffer->text[i];
        if (c < 0x20 || c == 0x7F)
            buffer->text[i] = ' ';
    }
}

dt_status dt_buffer_finish(dt_buffer *buffer, char **text, size_t *length) {
    dt_buffer_bytes(buffer, "", 0);
    if (buffer->failed) {
        free(buffer->text);
        *buffer = (dt_buffer){0};
        *text = NULL;
        *length = 0;
        return DT_ERR_MEMORY;
    }
    *text = buffer->text;
    *length = buffer->length;
    *buffer = (dt_buffer){0};
    return DT_OK;
}
