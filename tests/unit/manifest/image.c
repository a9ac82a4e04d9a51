#include "image.h"
#include "manifest/object/preload_image.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

struct hg_image *image;

void make_image_for(const char *text, uint16_t machine)
{
	char *errors;
	struct hg_manifest *manifest = parse_text("some/folder/net.yaml", text, &errors);

	ck_assert_str_eq(errors, "");
	ck_assert_ptr_nonnull(manifest);
	image = hg_manifest_image(manifest, machine);
	hg_manifest_free(manifest);
	free(errors);
}

void make_image(const char *text)
{
	make_image_for(text, EM_X86_64);
}

void release_image(void)
{
	free(image);
	image = NULL;
}

const struct hg_slot *slot(const char *name)
{
	const struct hg_slot *slots = HG_IMAGE_AT(image, image->slots, const struct hg_slot);

	for (uint32_t i = 0; i < image->slot_count; i++)
		if (!strcmp(HG_IMAGE_TEXT(image, slots[i].name), name))
			return &slots[i];
	ck_abort_msg("no slot %s", name);
}

const struct hg_image_use *use(const char *function, uint32_t index)
{
	ck_assert_uint_lt(index, slot(function)->use_count);
	return &HG_IMAGE_AT(image, image->uses, const struct hg_image_use)[slot(function)->first_use + index];
}

const struct hg_image_make *make(const char *function, uint32_t index)
{
	ck_assert_uint_lt(index, slot(function)->make_count);
	return &HG_IMAGE_AT(image, image->makes, const struct hg_image_make)[slot(function)->first_make + index];
}

const struct hg_image_zero *zero(const char *function, uint32_t index)
{
	ck_assert_uint_lt(index, slot(function)->zero_count);
	return &HG_IMAGE_AT(image, image->zeros, const struct hg_image_zero)[slot(function)->first_zero + index];
}

const struct hg_image_class *class(uint32_t index)
{
	ck_assert_uint_lt(index, image->class_count);
	return &HG_IMAGE_AT(image, image->classes, const struct hg_image_class)[index];
}

int64_t none(uint32_t class_index, uint32_t index)
{
	ck_assert_uint_lt(index, class(class_index)->none_count);
	return HG_IMAGE_AT(image, image->nones, const int64_t)[class(class_index)->first_none + index];
}
