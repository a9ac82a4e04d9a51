/* The preload objects of this process, by the image that each has registered. */
#ifndef HG_PRELOADS_H
#define HG_PRELOADS_H

#include <stdbool.h>
#include <stdint.h>

#include "format/image.h"

/* The words of an image's `runtime`, which begin as zero. */
enum { HG_PRELOAD_NEXT, HG_PRELOAD_STATE };

/* Lists an image; only once. */
void hg_preload_add(struct hg_image *image);

/* The one listed last, and that before another one; null: none. */
struct hg_image *hg_preload_first(void);
struct hg_image *hg_preload_next(struct hg_image *image);

static inline _Atomic uint64_t *hg_preload_word(struct hg_image *image, int which)
{
	return (_Atomic uint64_t *)&image->runtime[which];
}

/* Whether an image lies in this range of addresses: the object there is a preload object. */
bool hg_image_within(uintptr_t low, uintptr_t high);

#endif
