/* The folder for recordings, and for whatever else a variant writes. */
#include "scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

static char scratch[64];

const char *hg_scratch(void)
{
	return scratch;
}

void hg_scratch_make(void)
{
	strcpy(scratch, "/tmp/hg_bench.XXXXXX");
	if (!mkdtemp(scratch)) {
		scratch[0] = '\0';
		hg_die("no folder for recordings can be made in /tmp: %s", strerror(errno));
	}
}

static unsigned found;
static double blocks;

static int count(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status, (void)at;
	found += kind == FTW_F && strstr(path, ".hgr") != NULL;
	return 0;
}

/* On the disk: once it has been written out. */
static int add_blocks(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	struct stat written = *status;
	int file = kind == FTW_F ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	(void)at;
	if (file < 0)
		return 0;
	if (fsync(file) == 0 && fstat(file, &written) == 0)
		blocks += (double)written.st_blocks;
	close(file);
	return 0;
}

static int take_away(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status;
	if (at->level > 0)
		kind == FTW_DP ? rmdir(path) : unlink(path);
	return 0;
}

static void walk(int (*each)(const char *, const struct stat *, int, struct FTW *))
{
	if (scratch[0])
		nftw(scratch, each, 16, FTW_DEPTH | FTW_PHYS);
}

unsigned hg_scratch_recordings(void)
{
	found = 0;
	walk(count);
	return found;
}

double hg_scratch_kib(void)
{
	blocks = 0;
	walk(add_blocks);
	return blocks / 2;
}

void hg_scratch_empty(void)
{
	walk(take_away);
}

void hg_scratch_remove(void)
{
	hg_scratch_empty();
	if (scratch[0])
		rmdir(scratch);
}
