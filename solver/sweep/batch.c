/* Rows of typed cells in bytes: see batch.h. A row is a byte ROW and one for the sheet; a cell is
 * a byte for its kind and its value, a text with its length before it and a NUL behind. */
#include "sweep/batch.h"

#include <stdlib.h>
#include <string.h>

enum { ROW = 0xff };

static void put(dt_batch *b, const void *data, size_t length) {
    if (b->no_memory)
        return;
    if (b->length + length > b->room) {
        size_t room = 2 * (b->length + length) + 256;
        unsigned char *larger = realloc(b->data, room);
        if (!larger) {
            b->no_memory = true;
            return;
        }
        b->data = larger;
        b->room = room;
    }
    memcpy(b->data + b->length, data, length);
    b->length += length;
}

static void put_byte(dt_batch *b, int byte) {
    unsigned char c = (unsigned char)byte;
    put(b, &c, 1);
}

void dt_batch_clear(dt_batch *b) {
    free(b->data);
    *b = (dt_batch){0};
}

void dt_batch_row(dt_batch *b, dt_sheet sheet) {
    put_byte(b, ROW);
    put_byte(b, (int)sheet);
}

void dt_batch_null(dt_batch *b) {
    put_byte(b, DT_CELL_NULL);
}

void dt_batch_count(dt_batch *b, int64_t count) {
    put_byte(b, DT_CELL_COUNT);
    put(b, &count, sizeof count);
}

void dt_batch_real(dt_batch *b, double real) {
    put_byte(b, DT_CELL_REAL);
    put(b, &real, sizeof real);
}

void dt_batch_text(dt_batch *b, const char *text) {
    if (!text) {
        dt_batch_null(b);
        return;
    }
    size_t length = strlen(text);
    put_byte(b, DT_CELL_TEXT);
    put(b, &length, sizeof length);
    put(b, text, length + 1);
}

static bool take(dt_batch_reader *r, void *to, size_t length) {
    if (r->length - r->at < length)
        return false;
    memcpy(to, r->data + r->at, length);
    r->at += length;
    return true;
}

bool dt_batch_next_row(dt_batch_reader *r, dt_sheet *sheet) {
    unsigned char head[2];
    if (!take(r, head, 2) || head[0] != ROW || head[1] >= DT_SHEETS)
        return false;
    *sheet = (dt_sheet)head[1];
    return true;
}

bool dt_batch_next_cell(dt_batch_reader *r, dt_batch_cell *cell) {
    *cell = (dt_batch_cell){0};
    if (r->at >= r->length || r->data[r->at] == ROW)
        return false;
    unsigned char kind = r->data[r->at++];
    cell->kind = (dt_cell_kind)kind;
    switch (cell->kind) {
    case DT_CELL_NULL: return true;
    case DT_CELL_COUNT: return take(r, &cell->count, sizeof cell->count);
    case DT_CELL_REAL: return take(r, &cell->real, sizeof cell->real);
    case DT_CELL_TEXT:
        if (!take(r, &cell->length, sizeof cell->length) || r->length - r->at <= cell->length ||
            r->data[r->at + cell->length] != '\0')
            return false;
        cell->text = (const char *)r->data + r->at;
        r->at += cell->length + 1;
        return true;
    }
    return false;
}
