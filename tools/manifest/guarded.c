#include "manifest/guarded.h"

#include <gelf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/allocate.h"
#include "common/host.h"
#include "common/paths.h"
#include "manifest/object/preload_image.h"
#include "manifest/parse/read.h"
#include "manifest/shelf.h"
#include "program/elf/elf_file.h"

/* A soname that no file here has is that of a library on the shelf. */
bool hg_names_object(const char *name)
{
	return hg_is_soname(name) && (strchr(name, '/') || access(name, F_OK) == 0);
}

/* Whether all that the doctor reads of an image lies in it. */
static bool is_whole(const struct hg_image *image, size_t size)
{
	if (size < sizeof(*image) || image->magic != HG_IMAGE_MAGIC || image->version != HG_IMAGE_VERSION ||
	    image->size > size || image->texts > image->size || image->text_size > image->size - image->texts ||
	    image->text_size == 0 || image->slots > image->size ||
	    image->slot_count > (image->size - image->slots) / sizeof(struct hg_slot))
		return false;
	const struct hg_slot *slots = (const void *)((const char *)image + image->slots);
	for (uint32_t i = 0; i < image->slot_count; i++)
		if (slots[i].name >= image->text_size)
			return false;
	return image->name < image->text_size && HG_IMAGE_TEXT(image, image->text_size)[-1] == '\0';
}

static struct hg_image *copy_image(Elf *elf)
{
	GElf_Shdr header;

	for (Elf_Scn *section = elf_nextscn(elf, NULL); section; section = elf_nextscn(elf, section)) {
		Elf_Data *data = gelf_getshdr(section, &header) && header.sh_type == SHT_PROGBITS
		                     ? elf_getdata(section, NULL)
		                     : NULL;
		if (!data || !data->d_buf || data->d_size < sizeof(struct hg_image))
			continue;
		struct hg_image *image = hg_allocate(1, data->d_size);
		memcpy(image, data->d_buf, data->d_size);
		if (is_whole(image, data->d_size))
			return image;
		free(image);
	}
	return NULL;
}

static struct hg_image *image_of_object(const char *program, const char *path)
{
	struct hg_elf_file file;
	struct hg_image *image = NULL;

	if (hg_elf_file_open(&file, path)) {
		image = file.preload ? copy_image(file.elf) : NULL;
		hg_elf_file_close(&file);
	}
	if (!image)
		fprintf(stderr,
		        "%s: %s: is not a preload object of this version; make one with handleguard manifest build\n",
		        program, path);
	return image;
}

struct hg_image *hg_guarded_image(const char *program, const char *name)
{
	if (hg_names_object(name))
		return image_of_object(program, name);
	char *path = hg_manifest_find(name, hg_shelf_directory(), stderr);
	struct hg_manifest *manifest = path ? hg_manifest_read(path, stderr) : NULL;
	struct hg_image *image = manifest ? hg_manifest_image(manifest, HG_HOST_MACHINE) : NULL;
	free(path);
	hg_manifest_free(manifest);
	return image;
}
