/* Growing arrays in a result list's arena. SPDX: GPL-3.0-or-later */
#ifndef DT_RESULT_ROOM_H
#define DT_RESULT_ROOM_H

#include "deterra/result.h"

/* Room for one more entry behind `count`. The arena cannot resize, so an array is copied to twice
 * its size whenever its count is a power of two: no capacity to store, and linear time in all. */
void *dt_result_room(dt_result_list *list, void *array, size_t count, size_t size);

#endif
