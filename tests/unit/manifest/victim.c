/* A program whose calls a preload object with the stand-in runtime must catch. Exits with 0 if every call went where it
 * should; without the preload object every look goes wrong. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "format/image.h"
#include "stand_in.h"
#include "victim_library.h"

static int wrong;

static void expect(int truth, const char *what)
{
	if (!truth) {
		printf("not so: %s\n", what);
		wrong = 1;
	}
}

static const ElfW(Dyn) * dynamic(const struct link_map *map, ElfW(Sxword) tag)
{
	const ElfW(Dyn) *entry = map->l_ld;

	while (entry->d_tag != DT_NULL && entry->d_tag != tag)
		entry++;
	return entry;
}

/* libc's own function, as every way to ask by name is interposed. Its symbols lie before its texts. */
static void *libc_function(const char *name)
{
	Dl_info info;
	struct link_map *map;

	if (!dladdr1((void *)(uintptr_t)strerror, &info, (void **)&map, RTLD_DL_LINKMAP))
		return NULL;
	const ElfW(Sym) *symbol = (const ElfW(Sym) *)dynamic(map, DT_SYMTAB)->d_un.d_ptr;
	const char *texts = (const char *)dynamic(map, DT_STRTAB)->d_un.d_ptr;
	for (; (const char *)symbol < texts; symbol++)
		if (symbol->st_value && !strcmp(texts + symbol->st_name, name))
			return (void *)(map->l_addr + symbol->st_value);
	return NULL;
}

typedef void *next_call_type(void *handle, const char *name, const char *version, void *function);
typedef int op_type(int a, int b, int c);

static void look_up_behind(const struct hg_image *image)
{
	next_call_type *next_call = (next_call_type *)(uintptr_t)image->next_call;
	void *dlsym_itself = libc_function("dlsym"), *dlvsym_itself = libc_function("dlvsym");
	op_type *stub =
	    (op_type *)(uintptr_t)((void *(*)(void *, const char *))(uintptr_t)dlsym_itself)(RTLD_DEFAULT, "victim_op");
	op_type *real = (op_type *)(uintptr_t)next_call(RTLD_NEXT, "victim_op", NULL, dlsym_itself);
	op_type *versioned = (op_type *)(uintptr_t)next_call(RTLD_NEXT, "victim_op", "VICTIM_1", dlvsym_itself);

	expect(stub && stub(1, 2, 3) == STAND_IN_RESULT, "the stub is the first of its name");
	expect(real && real(1, 2, 3) == 6, "behind the preload object is the real function");
	expect(versioned == real, "and it is found by its version");
}

int main(void)
{
	op_type *volatile pointer = victim_op;
	struct stand_in_seen *(*seen_function)(void);
	struct hg_image *image;

	expect(victim_op(1, 2, 3) == STAND_IN_RESULT, "a call through the PLT goes to the stub");
	expect(pointer(1, 2, 3) == STAND_IN_RESULT, "a call through a pointer goes to the stub");
	image = dlsym(RTLD_DEFAULT, "a name"); /* the stand-in answers with the image */
	if (!image || image->magic != HG_IMAGE_MAGIC) {
		puts("not so: dlsym goes to the runtime");
		return 1;
	}
	expect(dlvsym(RTLD_NEXT, "a name", "V") == image, "dlvsym goes to the runtime");
	next_call_type *next_call = (next_call_type *)(uintptr_t)image->next_call;
	*(void **)&seen_function = next_call(RTLD_NEXT, "stand_in_seen", NULL, libc_function("dlsym"));
	const struct stand_in_seen *seen = seen_function();
	expect(seen->image == image && seen->registered == 1, "the image was registered once");
	expect(seen->dl_symbol == 1 && seen->dl_version_symbol == 1, "each look-up came through once");
	expect(seen->dl_arguments[0] == (uint64_t)RTLD_NEXT && !strcmp((char *)seen->dl_arguments[2], "V"),
	       "with its arguments");
	look_up_behind(image);
	return wrong;
}
