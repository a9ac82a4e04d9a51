/* From what a manifest says to the tables that the runtime reads (format/image.h). */
#ifndef HG_MANIFEST_OBJECT_PRELOAD_IMAGE_H
#define HG_MANIFEST_OBJECT_PRELOAD_IMAGE_H

#include <stdint.h>

#include "manifest/model/manifest.h"

/* The preload image of a manifest, `size` of its header bytes long; to be released with free(). `machine` is the
 * e_machine of one that elf_machine.h knows. */
struct hg_image *hg_manifest_image(const struct hg_manifest *manifest, uint16_t machine);

#endif
