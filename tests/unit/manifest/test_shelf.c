/* Manifests by name, objects from the cache, and the subcommand around them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "manifest/cache.h"
#include "manifest/manifest_command.h"
#include "manifest/shelf.h"
#include "support.h"

#define MANIFEST "handleguard: 1\nlibrary: [libnet.so.0, 'libnet-*']\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n"

static char *folder, *said;
static size_t said_size;
static FILE *errors;

static void set_up(void)
{
	folder = make_folder();
	errors = open_memstream(&said, &said_size);
}

static void tear_down(void)
{
	fclose(errors);
	free(said);
	remove_folder(folder);
}

static const char *what_was_said(void)
{
	fflush(errors);
	return said;
}

/* Writes a file into the folder; returns its path (to be freed). */
static char *put(const char *name, const char *text)
{
	char *path = text_of("%s/%s", folder, name);
	FILE *file = fopen(path, "we");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	fclose(file);
	return path;
}

START_TEST(test_find_by_name)
{
	char *path = put("sqlite3.yaml", MANIFEST);
	char *found = hg_manifest_find("sqlite3", folder, errors);

	ck_assert_str_eq(found, path);
	ck_assert_str_eq(what_was_said(), "");
	free(found);
	free(path);
}
END_TEST

START_TEST(test_find_by_path)
{
	char *path = put("mine.yaml", MANIFEST), *found = hg_manifest_find(path, "/nowhere", errors);

	ck_assert_str_eq(found, path);
	free(found);
	ck_assert_ptr_null(hg_manifest_find("absent.yaml", folder, errors)); /* .yaml: a path, not on the shelf */
	ck_assert_ptr_null(hg_manifest_find("./absent", folder, errors));
	ck_assert_str_eq(what_was_said(), "absent.yaml: cannot read the manifest: No such file or directory\n"
	                                  "./absent: cannot read the manifest: No such file or directory\n");
	free(path);
}
END_TEST

START_TEST(test_find_unknown)
{
	free(put("sqlite3.yaml", MANIFEST));
	free(put("notes.txt", ""));
	ck_assert_ptr_null(hg_manifest_find("sqlit3", folder, errors));
	ck_assert_ptr_null(hg_manifest_find("notes", folder, errors));
	ck_assert_ptr_null(hg_manifest_find("", folder, errors));
	ck_assert_ptr_null(hg_manifest_find("net", "/nowhere", errors));
	char *expected = text_of(
	    "handleguard: no manifest 'sqlit3' on the shelf %s; did you mean 'sqlite3'? ('handleguard manifest list' "
	    "lists them; a path has a '/' or ends in .yaml)\n"
	    "handleguard: no manifest 'notes' on the shelf %s ('handleguard manifest list' lists them; a path has a "
	    "'/' or "
	    "ends in .yaml)\n"
	    "handleguard: no manifest '' on the shelf %s ('handleguard manifest list' lists them; a path has a '/' or "
	    "ends "
	    "in .yaml)\n"
	    "handleguard: no manifest 'net': the shelf /nowhere cannot be read: No such file or directory\n",
	    folder, folder, folder);
	ck_assert_str_eq(what_was_said(), expected);
	free(expected);
}
END_TEST

START_TEST(test_list)
{
	char *listed;
	size_t size;
	FILE *output = open_memstream(&listed, &size);

	free(put("zz.yaml", MANIFEST));
	free(put("aa.yaml",
	         "handleguard: 1\nlibrary: l\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}, g: {op: {c: 0}}}\n"));
	free(put(".hidden.yaml", MANIFEST));
	ck_assert_int_eq(hg_shelf_list(folder, output, errors), 0);
	ck_assert_str_eq(what_was_said(), "");
	free(put("broken.yaml", "handleguard: 2\nlibrary: l\nclasses: {c: }\nfunctions: {f: {op: {c: 0}}}\n"));
	ck_assert_int_eq(hg_shelf_list(folder, output, errors), -1);
	fclose(output);
	/* the second time the others are there as before, and the broken one is told */
	ck_assert_str_eq(listed, "aa               l                                        2 functions\n"
	                         "zz               libnet.so.0, libnet-*                    1 function\n"
	                         "aa               l                                        2 functions\n"
	                         "zz               libnet.so.0, libnet-*                    1 function\n");
	ck_assert_ptr_nonnull(strstr(what_was_said(), "broken.yaml:1:14: key 'handleguard': found '2'"));
	free(listed);
}
END_TEST

static ino_t inode_of(const char *path)
{
	struct stat status;

	ck_assert_int_eq(stat(path, &status), 0);
	return status.st_ino;
}

START_TEST(test_cache_keeps_what_it_built)
{
	char *manifest = put("net.yaml", MANIFEST), *first = hg_cached_object(manifest, "/lib", folder, errors);

	ck_assert_ptr_nonnull(first);
	ino_t inode = inode_of(first);
	char *again = hg_cached_object(manifest, "/lib", folder, errors);
	ck_assert_str_eq(again, first);
	ck_assert_uint_eq(inode_of(again), inode);
	ck_assert_str_eq(what_was_said(), "");
	free(again);
	free(first);
	free(manifest);
}
END_TEST

static void overwrite(const char *path, long at, const char *bytes, size_t count)
{
	FILE *file = fopen(path, "r+e");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_eq(fseek(file, at, SEEK_SET), 0);
	ck_assert_uint_eq(fwrite(bytes, 1, count, file), count);
	fclose(file);
}

/* An object that was damaged at one place, cut off, grown, emptied, or changed for another: each is made anew. */
START_TEST(test_cache_mends_what_was_damaged)
{
	char *manifest = put("net.yaml", MANIFEST), *other = put("net2.yaml", MANIFEST);
	char *object = hg_cached_object(manifest, "/lib", folder, errors),
	     *wrong = hg_cached_object(other, "/lib", folder, errors);
	char *good = text_of("%s/good", folder);
	struct stat status;
	int same;

	free(output_of(&same, "cp %s %s", object, good));
	ck_assert_int_eq(stat(good, &status), 0);
	for (int damage = -4; damage < (int)status.st_size; damage += damage < 0 ? 1 : 97) {
		if (damage >= 0)
			overwrite(object, damage, "\xA5\x5A\xA5", 3);
		else if (damage == -4)
			ck_assert_int_eq(truncate(object, status.st_size - 1), 0);
		else if (damage == -3)
			overwrite(object, status.st_size, "", 1);
		else if (damage == -2)
			ck_assert_int_eq(truncate(object, 0), 0);
		else
			free(output_of(&same, "cp %s %s", wrong, object));
		char *again = hg_cached_object(manifest, "/lib", folder, errors);
		ck_assert_str_eq(again, object);
		free(output_of(&same, "cmp %s %s", good, object));
		ck_assert_msg(same == 0, "damage %d was left in the object", damage);
		free(again);
	}
	ck_assert_str_eq(what_was_said(), "");
	free(good);
	free(wrong);
	free(object);
	free(other);
	free(manifest);
}
END_TEST

/* Whatever is different in the object is a different object. */
START_TEST(test_cache_tells_apart)
{
	char *manifest = put("net.yaml", MANIFEST), *other_name = put("net2.yaml", MANIFEST);
	char *objects[4];

	objects[0] = hg_cached_object(manifest, "/lib", folder, errors);
	objects[1] = hg_cached_object(manifest, "/usr/lib", folder, errors);
	objects[2] = hg_cached_object(other_name, "/lib", folder, errors);
	free(put("net.yaml", MANIFEST "# changed\n"));
	objects[3] = hg_cached_object(manifest, "/lib", folder, errors);
	for (int i = 0; i < 4; i++) {
		ck_assert_ptr_nonnull(objects[i]);
		for (int j = 0; j < i; j++)
			ck_assert_str_ne(objects[i], objects[j]);
	}
	for (int i = 0; i < 4; i++)
		free(objects[i]);
	free(other_name);
	free(manifest);
}
END_TEST

START_TEST(test_cache_of_a_bad_manifest)
{
	char *manifest = put("net.yaml", "handleguard: 1\n"), *gone = text_of("%s/gone", folder);
	int status;

	ck_assert_ptr_null(hg_cached_object(manifest, "/lib", folder, errors));
	ck_assert_ptr_nonnull(strstr(what_was_said(), "net.yaml:1:1: key 'library'"));
	free(put("net.yaml", MANIFEST));
	ck_assert_ptr_null(hg_cached_object(manifest, "/lib", gone, errors));
	ck_assert_ptr_nonnull(strstr(what_was_said(), "cannot write the preload object: No such file or directory"));
	char *listing = output_of(&status, "ls %s", folder);
	ck_assert_str_eq(listing, "net.yaml\n");
	free(listing);
	free(gone);
	free(manifest);
}
END_TEST

static void set_places(const char *xdg, const char *home, const char *temporary)
{
	setenv("XDG_CACHE_HOME", xdg, 1);
	setenv("HOME", home, 1);
	setenv("TMPDIR", temporary, 1);
}

/* NULL: the one of last resort, named after the user. */
static void check_cache_directory(const char *name)
{
	char *own = text_of("handleguard-%u", (unsigned)geteuid());
	char *expected = text_of("%s/%s", folder, name ? name : own), *directory = hg_cache_directory(errors);
	struct stat status;

	ck_assert_str_eq(directory, expected);
	ck_assert_int_eq(stat(directory, &status), 0);
	ck_assert_uint_eq(status.st_mode & 07777, 0700);
	ck_assert_str_eq(what_was_said(), "");
	free(directory);
	free(expected);
	free(own);
}

START_TEST(test_cache_directory)
{
	char *xdg = text_of("%s/x/d/g", folder), *spaced = text_of("%s/with space", folder);

	set_places(xdg, folder, folder);
	check_cache_directory("x/d/g/handleguard");
	set_places("relative/cache", folder, folder); /* the standard says to ignore it */
	check_cache_directory(".cache/handleguard");
	set_places("", "", folder);
	check_cache_directory(NULL);
	set_places(spaced, "/proc/nowhere", folder); /* LD_PRELOAD would split it; cannot be made */
	check_cache_directory(NULL);
	free(spaced);
	free(xdg);
}
END_TEST

/* A folder that others can write to, or that is only a link to one, is no place for code. */
START_TEST(test_cache_directory_of_others)
{
	char *own = text_of("%s/handleguard", folder), *target = text_of("%s/target", folder);

	ck_assert_int_eq(mkdir(own, 0700), 0);
	ck_assert_int_eq(chmod(own, 0777), 0);
	set_places(folder, "", folder);
	check_cache_directory(NULL);
	ck_assert_int_eq(rmdir(own), 0);
	ck_assert_int_eq(mkdir(target, 0700), 0);
	ck_assert_int_eq(symlink(target, own), 0);
	check_cache_directory(NULL);
	free(target);
	free(own);
}
END_TEST

/* The subcommand in a process of its own: arguments, what it prints on both streams, exit status. */
static void check_command(const char *arguments, int expected_status, const char *expected_output)
{
	int status;
	char *output =
	    output_of(&status, "cd %s && " TEST_FOLDER "/test_manifest_shelf --command %s", folder, arguments);

	ck_assert_msg(status == expected_status, "manifest %s: status %d: %s", arguments, status, output);
	ck_assert_msg(strstr(output, expected_output) != NULL, "manifest %s: %s", arguments, output);
	free(output);
}

START_TEST(test_command_build)
{
	char *object = text_of("%s/handleguard-net.so", folder), *named = text_of("%s/other.so", folder);

	free(put("net.yaml", MANIFEST));
	free(put("bad.yaml", "handleguard: 1\n"));
	check_command("build net.yaml", 0, "");
	ck_assert_int_eq(access(object, R_OK), 0);
	check_command("build ./net.yaml -o other.so", 0, "");
	ck_assert_int_eq(access(named, R_OK), 0);
	ck_assert_int_eq(unlink(named), 0);
	check_command("build --output=other.so net.yaml", 0, "");
	ck_assert_int_eq(access(named, R_OK), 0);
	check_command("build bad.yaml", 2, "bad.yaml:1:1: key 'library' is missing");
	check_command("build absent.yaml", 2, "absent.yaml: cannot read the manifest: No such file or directory");
	check_command("build no-such-library", 2, "handleguard: no manifest 'no-such-library'");
	check_command("build net.yaml -o missing/x.so", 2, "missing/x.so: cannot write the preload object: No such");
	free(named);
	free(object);
}
END_TEST

START_TEST(test_command_mistakes)
{
	check_command("", 2, "handleguard manifest: no COMMAND given");
	check_command("biuld x", 2, "handleguard manifest: unknown command 'biuld', did you mean 'build'?");
	check_command("frobnicate", 2, "handleguard manifest: unknown command 'frobnicate'");
	check_command("--hlep", 2, "handleguard manifest: there is no option --hlep; did you mean --help?");
	check_command("build", 2, "handleguard manifest build: no MANIFEST given");
	check_command("build a b", 2, "handleguard manifest build: found 'b' after 'a', expected one manifest");
	check_command("build a --ouput x", 2, "there is no option --ouput; did you mean --output?");
	check_command("build a -x", 2, "handleguard manifest build: there is no option -x; ");
	check_command("list a", 2, "handleguard manifest list: found 'a', expected no argument");
}
END_TEST

START_TEST(test_command_help)
{
	check_command("--help", 0, "Usage: handleguard manifest");
	check_command("--help", 0, "build      build the preload object of a manifest");
	check_command("--help", 0, "list       list the ready-made manifests");
	check_command("build --help", 0, "Usage: handleguard manifest build");
	check_command("build --help", 0, "-o, --output=OBJECT");
	check_command("list --help", 0, "Usage: handleguard manifest list");
}
END_TEST

int main(int argc, char **argv)
{
	if (argc >= 2 && !strcmp(argv[1], "--command"))
		return hg_command_manifest(argc - 1, argv + 1);
	Suite *suite = suite_create("shelf and cache");
	TCase *tests = tcase_create("shelf");
	SRunner *runner = srunner_create(suite);

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, set_up, tear_down);
	tcase_add_test(tests, test_find_by_name);
	tcase_add_test(tests, test_find_by_path);
	tcase_add_test(tests, test_find_unknown);
	tcase_add_test(tests, test_list);
	tcase_add_test(tests, test_cache_keeps_what_it_built);
	tcase_add_test(tests, test_cache_mends_what_was_damaged);
	tcase_add_test(tests, test_cache_tells_apart);
	tcase_add_test(tests, test_cache_of_a_bad_manifest);
	tcase_add_test(tests, test_cache_directory);
	tcase_add_test(tests, test_cache_directory_of_others);
	tcase_add_test(tests, test_command_build);
	tcase_add_test(tests, test_command_mistakes);
	tcase_add_test(tests, test_command_help);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
