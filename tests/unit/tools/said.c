#include "said.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static struct stream {
	int file, kept;
	char *text;
} streams[2];

static void divert(struct stream *stream, int number)
{
	stream->file = memfd_create("said", MFD_CLOEXEC);
	stream->kept = dup(number);
	ck_assert_int_ge(stream->file, 0);
	ck_assert_int_eq(dup2(stream->file, number), number);
}

static void restore(struct stream *stream, int number)
{
	ck_assert_int_eq(dup2(stream->kept, number), number);
	close(stream->kept);
	off_t length = lseek(stream->file, 0, SEEK_END);
	free(stream->text);
	stream->text = calloc(1, (size_t)length + 1);
	ck_assert_int_eq(pread(stream->file, stream->text, (size_t)length, 0), length);
	close(stream->file);
}

void said_begin(void)
{
	fflush(stdout);
	fflush(stderr);
	divert(&streams[0], STDOUT_FILENO);
	divert(&streams[1], STDERR_FILENO);
}

const char *said_end(void)
{
	fflush(stdout);
	fflush(stderr);
	restore(&streams[0], STDOUT_FILENO);
	restore(&streams[1], STDERR_FILENO);
	return streams[1].text;
}

const char *said_out(void)
{
	return streams[0].text;
}

/* Where a sanitizer looks for what is still in use. */
static void *kept[256];

void *said_kept(void *memory)
{
	static unsigned count;
	ck_assert_uint_lt(count, sizeof(kept) / sizeof(*kept));
	return kept[count++] = memory;
}

static char folder[64];

const char *said_folder(void)
{
	if (!folder[0]) {
		strcpy(folder, "/tmp/hg-tools-XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(folder));
	}
	return folder;
}

static int remove_one(const char *path, const struct stat *status, int flag, struct FTW *where)
{
	(void)status, (void)flag, (void)where;
	return remove(path);
}

void said_remove_folder(void)
{
	if (folder[0])
		nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int said_suite(const char *name, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	tcase_add_checked_fixture(tcase, NULL, said_remove_folder);
	for (size_t i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
