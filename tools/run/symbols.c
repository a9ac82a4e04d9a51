#include "run/symbols.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/allocate.h"
#include "manifest/cache.h"
#include "program/elf/elf_file.h"

static void make_folders(const char *path)
{
	char *folder = hg_copy_text(path, strlen(path)), *parent = hg_copy_text(path, strlen(path));

	mkdir(dirname(dirname(parent)), 0700);
	mkdir(dirname(folder), 0700);
	free(folder);
	free(parent);
}

static bool write_all(int fd, const char *bytes, size_t size)
{
	ssize_t written = 0;

	for (; size > 0 && (written = write(fd, bytes, size)) > 0; bytes += written)
		size -= (size_t)written;
	return size == 0;
}

/* Another run may be writing the same. */
static void keep(const char *path, const struct hg_elf_separate *separate)
{
	char *temporary = hg_format("%s.XXXXXX", path);

	make_folders(path);
	int fd = mkstemp(temporary);
	bool whole = fd >= 0 && write_all(fd, separate->bytes, separate->size);
	if (fd >= 0 && close(fd) == 0 && (!whole || rename(temporary, path) != 0))
		unlink(temporary);
	free(temporary);
}

/* The build id says what a file there holds. */
static void unpack(const struct hg_elf_file *program)
{
	char *cache = program->separate.bytes ? hg_cache_directory(stderr) : NULL;
	char *path = cache ? hg_elf_separate_path(program->elf, cache) : NULL;

	if (path && access(path, R_OK) != 0)
		keep(path, &program->separate);
	if (path)
		setenv("HANDLEGUARD_SYMBOLS", cache, 1);
	free(path);
	free(cache);
}

void hg_run_symbols_export(const struct hg_run_options *options)
{
	const char *given = hg_run_option_given(options, HG_OPTION_debug_dir);
	char *folder = given && *given ? realpath(given, NULL) : NULL;

	if (folder)
		setenv(HG_DEBUG_DIR_VARIABLE, folder, 1);
	free(folder);
}

void hg_run_symbols(const struct hg_run_options *options, const char *program)
{
	struct hg_elf_file file;

	hg_run_symbols_export(options);
	if (!hg_elf_file_open(&file, program))
		return;
	unpack(&file);
	hg_elf_file_close(&file);
}
