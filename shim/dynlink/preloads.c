#include "dynlink/preloads.h"

#include <stdatomic.h>

static _Atomic uintptr_t images;

void hg_preload_add(struct hg_image *image)
{
	uintptr_t head = atomic_load(&images);
	do
		atomic_store(hg_preload_word(image, HG_PRELOAD_NEXT), head);
	while (!atomic_compare_exchange_weak(&images, &head, (uintptr_t)image));
}

struct hg_image *hg_preload_first(void)
{
	return (struct hg_image *)atomic_load_explicit(&images, memory_order_acquire);
}

struct hg_image *hg_preload_next(struct hg_image *image)
{
	return (struct hg_image *)atomic_load_explicit(hg_preload_word(image, HG_PRELOAD_NEXT), memory_order_relaxed);
}

bool hg_image_within(uintptr_t low, uintptr_t high)
{
	for (struct hg_image *image = hg_preload_first(); image; image = hg_preload_next(image))
		if ((uintptr_t)image >= low && (uintptr_t)image < high)
			return true;
	return false;
}
