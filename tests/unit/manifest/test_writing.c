/* Writing a preload object: whole, or not at all. */
#include <check.h>
#include <elf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "manifest/object/preload_image.h"
#include "manifest/object/preload_object.h"
#include "support.h"

#define MANIFEST "handleguard: 1\nlibrary: l\nclasses: {c: }\nfunctions: {net_recv: {op: {c: 0}}}\n"

static char *folder, *path;

/* An object that is there before. */
static void build(void)
{
	folder = make_folder();
	path = build_object(folder, "net", MANIFEST);
}

static void clean_up(void)
{
	free(path);
	path = NULL;
	remove_folder(folder);
}

static char *try_to_write(const char *runtime_directory, const char *to)
{
	char *errors, *complaint;
	size_t size;
	struct hg_manifest *manifest = parse_text("net.yaml", MANIFEST, &complaint);
	struct hg_image *tables = hg_manifest_image(manifest, EM_X86_64);
	FILE *stream = open_memstream(&errors, &size);
	int result = hg_object_write(tables, runtime_directory, to, stream);

	fclose(stream);
	if (result != (*errors ? -1 : 0))
		abort(); /* also runs outside of Check */
	free(tables);
	free(complaint);
	hg_manifest_free(manifest);
	return errors;
}

/* Where an object cannot be written, nothing is; where one was, it stays as it was until the new one is whole. */
START_TEST(test_nothing_half_written)
{
	int status;
	struct stat before, after;

	build();
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *elsewhere = text_of("%s/missing/net.so", folder);
	char *errors = try_to_write("/lib", elsewhere);
	char *expected = text_of("%s: cannot write the preload object: No such file or directory\n", elsewhere);
	ck_assert_str_eq(errors, expected);
	free(errors);
	free(expected);
	free(elsewhere);
	char *directory = text_of("%s/directory", folder);
	ck_assert_int_eq(mkdir(directory, 0700), 0);
	errors = try_to_write("/lib", directory);
	expected = text_of("%s: cannot write the preload object: Is a directory\n", directory);
	ck_assert_str_eq(errors, expected);
	free(errors);
	free(expected);
	free(directory);
	errors = try_to_write("/a:b", path);
	ck_assert_msg(strstr(errors, "'/a:b' has a colon") != NULL, "%s", errors);
	free(errors);
	char *listing = output_of(&status, "ls %s", folder);
	ck_assert_str_eq(listing, "directory\nnet.so\n");
	free(listing);
	/* the object that is open keeps its bytes */
	ck_assert_int_eq(stat(path, &before), 0);
	errors = try_to_write("/lib", path);
	ck_assert_str_eq(errors, "");
	free(errors);
	ck_assert_int_eq(stat(path, &after), 0);
	ck_assert_uint_ne(before.st_ino, after.st_ino);
	ck_assert_int_eq(fstat(fd, &after), 0);
	ck_assert_uint_eq(before.st_ino, after.st_ino);
	close(fd);
}
END_TEST

/* A full disk: the system refuses the bytes, the tool says so. */
START_TEST(test_full_disk)
{
	int status;

	build();
	char *output =
	    output_of(&status, "ulimit -f 2; trap '' XFSZ; " TEST_FOLDER "/test_manifest_writing --write %s", path);
	char *expected = text_of("%s: cannot write the preload object: ", path);
	ck_assert_msg(!strncmp(output, expected, strlen(expected)), "%s", output);
	ck_assert_int_eq(status, 2);
	free(output);
	output = output_of(&status, "ls %s", folder);
	ck_assert_str_eq(output, "net.so\n");
	free(output);
	free(expected);
}
END_TEST

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--write")) {
		char *errors = try_to_write("/lib", argv[2]);
		int status = *errors ? 2 : 0;
		fputs(errors, stdout);
		free(errors);
		return status;
	}
	Suite *suite = suite_create("writing a preload object");
	TCase *tests = tcase_create("writing");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, NULL, clean_up);
	tcase_add_test(tests, test_nothing_half_written);
	tcase_add_test(tests, test_full_disk);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
