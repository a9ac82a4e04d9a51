#include "program/elf/elf_separate.h"

#include <fcntl.h>
#include <gelf.h>
#include <lzma.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/allocate.h"
#include "format/build_id.h"

static Elf_Data *data_of(Elf *elf, unsigned type, const char *wanted)
{
	GElf_Shdr header;
	size_t names = 0;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return NULL;
	for (Elf_Scn *section = elf_nextscn(elf, NULL); section; section = elf_nextscn(elf, section)) {
		const char *name = gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : NULL;
		if (name && header.sh_type == type && strcmp(name, wanted) == 0)
			return elf_rawdata(section, NULL);
	}
	return NULL;
}

/* ---- Build ids ---- */

static const uint8_t *id_of(Elf *elf, uint32_t *length)
{
	const Elf_Data *notes = data_of(elf, SHT_NOTE, ".note.gnu.build-id");

	return notes && notes->d_buf ? hg_build_id_in(notes->d_buf, notes->d_size, length) : NULL;
}

static bool have_same_id(Elf *one, Elf *other)
{
	uint32_t length = 0, others = 0;
	const uint8_t *id = id_of(one, &length), *its = id_of(other, &others);

	return id && its && length == others && memcmp(id, its, length) == 0;
}

char *hg_elf_separate_path(Elf *object, const char *folder)
{
	uint32_t length = 0;
	const uint8_t *id = id_of(object, &length);
	char digits[2 * 255 + 1] = "";

	if (!id || length < 2 || length > 255)
		return NULL;
	for (uint32_t i = 0; i < length; i++)
		snprintf(digits + 2 * i, 3, "%02x", id[i]);
	return hg_format("%s/.build-id/%.2s/%s.debug", folder, digits, digits + 2);
}

/* ---- Where it is ---- */

/* Whether it is the object's, and has what the object lacks. */
static bool fits(Elf *elf, Elf *object)
{
	return elf && elf_kind(elf) == ELF_K_ELF && gelf_getclass(elf) == ELFCLASS64 && have_same_id(elf, object) &&
	       data_of(elf, SHT_SYMTAB, ".symtab");
}

static bool open_in(struct hg_elf_separate *separate, Elf *object, const char *folder)
{
	char *path = folder && *folder ? hg_elf_separate_path(object, folder) : NULL;

	separate->fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	free(path);
	if (separate->fd < 0)
		return false;
	separate->elf = elf_begin(separate->fd, ELF_C_READ_MMAP, NULL);
	if (fits(separate->elf, object))
		return true;
	hg_elf_separate_close(separate);
	return false;
}

/* As large as it takes, within reason. */
static bool unpack(struct hg_elf_separate *separate, const Elf_Data *packed)
{
	static const size_t most = (size_t)256 << 20;
	lzma_ret result = LZMA_BUF_ERROR;

	for (size_t room = 16 * packed->d_size; result == LZMA_BUF_ERROR && room <= most; room *= 2) {
		uint64_t memory = most;
		size_t from = 0;
		free(separate->bytes);
		separate->bytes = malloc(room);
		separate->size = 0;
		if (!separate->bytes)
			return false;
		result = lzma_stream_buffer_decode(&memory, 0, NULL, packed->d_buf, &from, packed->d_size,
		                                   separate->bytes, &separate->size, room);
	}
	return result == LZMA_OK;
}

static bool open_packed(struct hg_elf_separate *separate, Elf *object)
{
	const Elf_Data *packed = data_of(object, SHT_PROGBITS, ".gnu_debugdata");

	if (!packed || !packed->d_buf || packed->d_size == 0)
		return false;
	if (unpack(separate, packed))
		separate->elf = elf_memory(separate->bytes, separate->size);
	if (fits(separate->elf, object))
		return true;
	hg_elf_separate_close(separate);
	return false;
}

bool hg_elf_separate_open(struct hg_elf_separate *separate, Elf *object)
{
	memset(separate, 0, sizeof(*separate));
	return open_in(separate, object, getenv(HG_DEBUG_DIR_VARIABLE)) ||
	       open_in(separate, object, "/usr/lib/debug") || open_packed(separate, object);
}

void hg_elf_separate_close(struct hg_elf_separate *separate)
{
	elf_end(separate->elf);
	if (separate->fd > 0)
		close(separate->fd);
	free(separate->bytes);
	memset(separate, 0, sizeof(*separate));
}
