/* A manifest's image, looked into by name. */
#ifndef IMAGE_H
#define IMAGE_H

#include <check.h>

#include "support.h"

/* Of the test that runs; release_image fits a fixture's teardown. */
extern struct hg_image *image;

/* Each expects a manifest without a mistake. */
void make_image_for(const char *text, uint16_t machine);
void make_image(const char *text);
void release_image(void);

/* Of a function by its name, and of its uses, creates and out-arguments, in their order. */
const struct hg_slot *slot(const char *name);
const struct hg_image_use *use(const char *function, uint32_t index);
const struct hg_image_make *make(const char *function, uint32_t index);
const struct hg_image_zero *zero(const char *function, uint32_t index);

/* Of a class by its number. */
const struct hg_image_class *class(uint32_t index);
int64_t none(uint32_t class_index, uint32_t index);

/* A manifest of the given functions, which have pointers, descriptors (int32) and ids (uint16) to speak of. */
#define MANIFEST(functions)                                                                                            \
	"handleguard: 1\nlibrary: l\nclasses: {node: , fd: {type: int32}, id: {type: uint16}}\nfunctions:\n" functions

#endif
