/* Not by dlsym, before which ours may stand, nor by dl_iterate_phdr, before which a sanitizer's may stand that is not
 * ready yet: along the dynamic linker's list of objects. The C library's have been in it from the start, and stay. */
#include "base/libc.h"

#include <link.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "elf_tables.h"

/* The dynamic linker belongs to it; and before 2.34 dlopen and the like were in a library of their own. */
static bool is_libc(const char *path)
{
	static const char *const names[] = {"libc.so", "libc-", "libdl.so", "ld-linux"};
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strncmp(base, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

void *hg_libc_function(const char *name)
{
	void *found = NULL;
	for (const struct link_map *map = _r_debug.r_map; map && !found; map = map->l_next)
		if (is_libc(map->l_name)) {
			struct hg_elf_tables tables = hg_elf_tables_of(map->l_addr, map->l_ld);
			found = hg_elf_symbol(&tables, name, STT_FUNC);
		}
	return found;
}

bool hg_libc_is_gnu(void)
{
	return true;
}
