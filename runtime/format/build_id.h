/* The build id among an ELF file's notes: what is separated from an object is known by it. */
#ifndef HG_FORMAT_BUILD_ID_H
#define HG_FORMAT_BUILD_ID_H

#include <elf.h>
#include <stdint.h>
#include <string.h>

/* Null: there is none. The notes are not trusted. */
static inline const uint8_t *hg_build_id_in(const void *notes, uint64_t size, uint32_t *length)
{
	for (uint64_t at = 0; at + sizeof(Elf64_Nhdr) <= size;) {
		const Elf64_Nhdr *header = (const void *)((const char *)notes + at);
		uint64_t name = at + sizeof *header, content = name + ((header->n_namesz + UINT64_C(3)) & ~UINT64_C(3));
		if (content + header->n_descsz > size)
			return NULL;
		*length = header->n_descsz;
		if (header->n_type == NT_GNU_BUILD_ID && header->n_namesz == 4 &&
		    memcmp((const char *)notes + name, "GNU", 4) == 0)
			return (const uint8_t *)notes + content;
		at = content + ((header->n_descsz + UINT64_C(3)) & ~UINT64_C(3));
	}
	return NULL;
}

#endif
