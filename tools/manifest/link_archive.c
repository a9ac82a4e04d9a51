/* A member of the archive for each function: the linker takes only those whose functions are called, and complains of
 * none that its library lacks. */
#include "manifest/link_archive.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/allocate.h"
#include "format/links.h"

extern char **environ;

/* On 64-bit Arm as in a procedure linkage table: by the word that x16 points to the runtime knows who has called. */
static const char wrapper[] = "\t.section .text.__wrap_%1$s,\"ax\",%%progbits\n"
                              "\t.globl __wrap_%1$s\n"
                              "\t.hidden __wrap_%1$s\n"
                              "\t.type __wrap_%1$s,%%function\n"
                              "__wrap_%1$s:\n"
                              "#if defined(__x86_64__)\n"
                              "\tendbr64\n"
                              "\tjmp *1f(%%rip)\n"
                              "#elif defined(__aarch64__)\n"
                              "\thint #34\n"
                              "\tadrp x16, 1f\n"
                              "\tldr x17, [x16, :lo12:1f]\n"
                              "\tadd x16, x16, :lo12:1f\n"
                              "\tbr x17\n"
                              "#else\n"
                              "#error \"handleguard guards on x86-64 and 64-bit Arm only\"\n"
                              "#endif\n"
                              "\t.size __wrap_%1$s, . - __wrap_%1$s\n"
                              "\t.section " HG_LINKS_SECTION ",\"aw\",%%progbits\n"
                              "\t.balign 8\n"
                              "1:\t.8byte __real_%1$s\n"
                              "\t.4byte 2f - .\n"
                              "\t.4byte __wrap_%1$s - .\n"
                              "\t.4byte handleguard_links_here - .\n"
                              "\t.4byte 0\n"
                              "\t.section .rodata.handleguard,\"a\",%%progbits\n"
                              "2:\t.asciz \"%1$s\"\n"
                              "\t.section .note.GNU-stack,\"\",%%progbits\n";

static const char head[] = "\t.section .rodata.handleguard_links,\"a\",%progbits\n"
                           "\t.balign 8\n"
                           "\t.globl " HG_LINKS_SYMBOL ", handleguard_links_here\n"
                           "\t.hidden handleguard_links_here\n"
                           "\t.hidden __start_" HG_LINKS_SECTION ", __stop_" HG_LINKS_SECTION "\n"
                           "\t.type " HG_LINKS_SYMBOL ",%object\n" HG_LINKS_SYMBOL ":\n"
                           "handleguard_links_here:\n"
                           "\t.4byte __start_" HG_LINKS_SECTION " - .\n"
                           "\t.4byte __stop_" HG_LINKS_SECTION " - .\n"
                           "\t.size " HG_LINKS_SYMBOL ", 8\n"
                           "\t.section .note.GNU-stack,\"\",%progbits\n";

/* --- files --- */

static bool failed(FILE *errors, const char *path)
{
	fprintf(errors, "handleguard: %s cannot be written: %s\n", path, strerror(errno));
	return false;
}

/* What goes into the archive, by its name in the folder. */
static char *member(size_t number, const char *suffix)
{
	return hg_format("handleguard-%zu.%s", number, suffix);
}

/* `function` null: the head. */
static bool write_source(const char *folder, const char *name, const char *function, FILE *errors)
{
	char *path = hg_format("%s/%s", folder, name);
	FILE *file = fopen(path, "w");
	bool good = file && (function ? fprintf(file, wrapper, function) : fputs(head, file)) >= 0;

	good = ((!file || fclose(file) == 0) && good) || failed(errors, path);
	free(path);
	return good;
}

/* What a linker reads: of gcc and clang, `-Wl,@FILE`. */
static bool write_options(const struct hg_manifest *manifest, const char *folder, FILE *errors)
{
	char *path = hg_format("%s/%s.link", folder, manifest->name);
	FILE *file = fopen(path, "w");
	bool good = file && fputs("--export-dynamic-symbol=" HG_LINKS_SYMBOL "\n", file) >= 0;

	for (size_t i = 0; good && i < manifest->function_count; i++)
		good = fprintf(file, "--wrap=%s\n", manifest->functions[i].name) > 0;
	good = ((!file || fclose(file) == 0) && good) || failed(errors, path);
	free(path);
	return good;
}

/* --- what makes the archive --- */

/* In the folder. */
static bool run(const char *folder, char **words, FILE *errors)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int status = 0;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addchdir_np(&actions, folder);
	int error = posix_spawnp(&child, words[0], &actions, NULL, words, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error == 0 && waitpid(child, &status, 0) == child && status == 0)
		return true;
	fprintf(errors, "handleguard: %s cannot be run in %s: %s\n", words[0], folder,
	        error ? strerror(error) : "it failed");
	return false;
}

static char *tool(const char *variable, const char *otherwise)
{
	char *said = getenv(variable);

	return said && *said ? said : (char *)otherwise;
}

static bool make_archive(const struct hg_manifest *manifest, const char *folder, char **sources, char **objects,
                         size_t count, FILE *errors)
{
	char **words = hg_allocate(count + 4, sizeof(*words));
	char *archive = hg_format("libhandleguard-%s.a", manifest->name);

	words[0] = tool("CC", "cc");
	words[1] = (char *)"-c";
	memcpy(words + 2, sources, count * sizeof(*words));
	bool good = run(folder, words, errors);
	words[0] = tool("AR", "ar");
	words[1] = (char *)"rcsD";
	words[2] = archive;
	memcpy(words + 3, objects, count * sizeof(*words));
	good = good && run(folder, words, errors);
	free(archive);
	free(words);
	return good;
}

static void drop(const char *folder, char **names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *path = hg_format("%s/%s", folder, names[i]);
		unlink(path);
		free(path);
		free(names[i]);
	}
	free(names);
}

static bool write_archive(const struct hg_manifest *manifest, const char *folder, FILE *errors)
{
	size_t count = manifest->function_count + 1;
	char **sources = hg_allocate(count, sizeof(*sources)), **objects = hg_allocate(count, sizeof(*objects));
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		sources[i] = member(i, "S");
		objects[i] = member(i, "o");
		good = good && write_source(folder, sources[i], i ? manifest->functions[i - 1].name : NULL, errors);
	}
	good = good && make_archive(manifest, folder, sources, objects, count, errors);
	drop(folder, sources, count);
	drop(folder, objects, count);
	return good;
}

bool hg_link_archive_write(const struct hg_manifest *manifest, const char *folder, FILE *errors)
{
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return failed(errors, folder);
	char *old = hg_format("%s/libhandleguard-%s.a", folder, manifest->name);
	unlink(old);
	free(old);
	return write_archive(manifest, folder, errors) && write_options(manifest, folder, errors);
}
