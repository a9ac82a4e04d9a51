/* The images of preload objects, and what the runtime makes of them: classes, symbols, slots. */
#ifndef HG_IMAGES_H
#define HG_IMAGES_H

#include <stdbool.h>

#include "format/image.h"

struct hg_object;

/* Lists an image whose slots may be called from now on; more than once does no harm. */
void hg_image_list(struct hg_image *image);

/* Tells the runtime of the slots' classes and symbols, if that has not been done. May call libc. */
void hg_adopt_images(void);

/* Makes the slot's symbol known, if its class is. */
void hg_image_add_symbol(struct hg_slot *slot);

/* Whether the object belongs to the library that the slot's manifest describes: by its name. */
bool hg_image_names(const struct hg_slot *slot, const struct hg_object *object);

/* The same of any image, if that names libraries. */
bool hg_image_names_any(const struct hg_object *object);

/* Every slot of the preload objects; how many there are; and the hash of one's name. */
void hg_each_slot(void (*visit)(struct hg_slot *slot, void *argument), void *argument);
unsigned hg_slot_count(void);
uint32_t hg_slot_hash(const struct hg_slot *slot);

/* The first image's slot of this name, or null. */
struct hg_slot *hg_find_slot(const char *name);

/* A copy of the image in memory of the runtime, nothing of it bound. `share`: with the same classes. */
struct hg_image *hg_image_copy(struct hg_image *image, bool share);

#endif
