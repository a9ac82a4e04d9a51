/* A member of the archive for each function: the linker takes only those whose functions are called, and complains of
 * none that its library lacks. */
#include "manifest/link_archive.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/allocate.h"
#include "common/paths.h"
#include "format/image.h"
#include "format/links.h"
#include "manifest/object/forwards.h"

/* On 64-bit Arm as in a procedure linkage table: by the word that x16 points to the runtime knows who has called. */
static const char wrapper[] = "\t.section .text.%2$s,\"ax\",%%progbits\n"
                              "\t.globl %2$s\n"
                              "\t.hidden %2$s\n"
                              "\t.type %2$s,%%function\n"
                              "%2$s:\n"
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
                              "\t.size %2$s, . - %2$s\n"
                              "\t.section " HG_LINKS_SECTION ",\"aw\",%%progbits\n"
                              "\t.balign 8\n"
                              "1:\t.8byte %3$s\n"
                              "\t.4byte 2f - .\n"
                              "\t.4byte %2$s - .\n"
                              "\t.4byte handleguard_links_here - .\n"
                              "\t.4byte %4$s\n"
                              "\t.section .rodata.handleguard,\"a\",%%progbits\n"
                              "2:\t.asciz \"%1$s\"\n"
                              "\t.section .note.GNU-stack,\"\",%%progbits\n";

/* A function of the C library that leads to the runtime, if the program is fully static. */
static const char stand_in[] = "\t.section .text.__wrap_%1$s,\"ax\",%%progbits\n"
                               "\t.globl __wrap_%1$s\n"
                               "\t.hidden __wrap_%1$s\n"
                               "\t.type __wrap_%1$s,%%function\n"
                               "__wrap_%1$s:\n"
                               "#if defined(__x86_64__)\n"
                               "\tendbr64\n"
                               "\tjmp %2$s\n"
                               "\t.reloc ., R_X86_64_NONE, 1f\n"
                               "#else\n"
                               "\thint #34\n"
                               "\tb %2$s\n"
                               "\t.reloc ., R_AARCH64_NONE, 1f\n"
                               "#endif\n"
                               "\t.size __wrap_%1$s, . - __wrap_%1$s\n"
                               "\t.section " HG_LINKS_REALS ",\"aw\",%%progbits\n"
                               "\t.balign 8\n"
                               "1:\t.8byte __real_%1$s\n"
                               "\t.4byte 2f - .\n"
                               "\t.4byte 0\n"
                               "\t.section .rodata.handleguard,\"a\",%%progbits\n"
                               "2:\t.asciz \"%1$s\"\n"
                               "\t.section .note.GNU-stack,\"\",%%progbits\n";

/* Behind the head: that the runtime is inside, which is taken from the archive for the last line's sake. */
static const char inside[] = "\t.section .note.handleguard,\"a\",%%note\n"
                             "\t.balign 4\n"
                             "\t.4byte 2f - 1f, 4f - 3f, %d\n"
                             "1:\t.asciz \"" HG_LINKS_NOTE_NAME "\"\n"
                             "2:\t.balign 4\n"
                             "3:\t.4byte %d\n"
                             "\t.4byte __start_" HG_LINKS_SECTION " - .\n"
                             "\t.4byte __stop_" HG_LINKS_SECTION " - .\n"
                             "4:\t.section .rodata.handleguard,\"a\",%%progbits\n"
                             "\t.4byte hg_start_up - .\n";

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

/* What the functions of a library are called that was written anew. */
#define APART "handleguard_apart_"

/* --- files --- */

static bool failed(FILE *errors, const char *path)
{
	fprintf(errors, "handleguard: %s cannot be written: %s\n", path, strerror(errno));
	return false;
}

/* --- what goes into the archive --- */

/* The runtime's, in the place of a function of the C library? The others are of no use where nothing is loaded, or need
 * to know the preload object. */
static bool stands_in(const struct hg_manifest *manifest, const struct hg_forward *forward)
{
	uint32_t flags = 0;

	for (size_t i = 0; i < manifest->class_count; i++)
		flags |= manifest->classes[i].flags;
	return strncmp(forward->name, "dl", 2) != 0 && strcmp(forward->name, "free") != 0 &&
	       (!forward->wanted || flags & forward->wanted);
}

struct members {
	const struct hg_manifest *manifest;
	const struct hg_link_options *options;
	const char *folder;
	char **sources, **objects; /* by their names in the folder */
	size_t count;
	FILE *errors;
};

/* The next one's source, to be written; null: it cannot be, which has been said. */
static FILE *begin_member(struct members *members)
{
	size_t number = members->count++;
	members->sources[number] = hg_format("handleguard-%zu.S", number);
	members->objects[number] = hg_format("handleguard-%zu.o", number);
	char *path = hg_format("%s/%s", members->folder, members->sources[number]);
	FILE *file = fopen(path, "w");
	if (!file)
		failed(members->errors, path);
	free(path);
	return file;
}

static bool end_member(const struct members *members, FILE *file)
{
	bool good = !ferror(file);

	return (fclose(file) == 0 && good) || failed(members->errors, members->sources[members->count - 1]);
}

/* Not every C library has these: what takes their places is taken from the archive if they are called. */
static bool is_rare(const struct hg_forward *forward)
{
	return strcmp(forward->name, "__longjmp_chk") == 0 || strcmp(forward->name, "execveat") == 0;
}

/* What takes the places of the others is taken from it with the runtime: archives that come behind this one call them,
 * too. */
static bool write_head(struct members *members)
{
	FILE *file = begin_member(members);
	bool is_static = members->options->is_static;

	if (!file)
		return false;
	fputs(head, file);
	if (is_static)
		fprintf(file, inside, (int)HG_LINKS_NOTE_TYPE, (int)HG_IMAGE_VERSION);
	for (size_t i = 0; is_static && i < HG_FORWARD_COUNT; i++)
		if (stands_in(members->manifest, &hg_forwards[i]) && !is_rare(&hg_forwards[i]))
			fprintf(file, "\t.4byte __wrap_%s - .\n", hg_forwards[i].name);
	return end_member(members, file);
}

static bool write_wrapper(struct members *members, const char *function)
{
	FILE *file = begin_member(members);
	bool apart = members->options->library != NULL;
	char *real = hg_format("%s%s", apart ? APART : "__real_", function);
	char *own = hg_format("%s%s", apart ? "" : "__wrap_", function);
	char *flags = hg_format("%d", apart ? HG_LINK_PROGRAMS : 0);
	bool good = file && fprintf(file, wrapper, function, own, real, flags) > 0 && end_member(members, file);

	free(flags);
	free(own);
	free(real);
	return good;
}

static bool write_stand_in(struct members *members, const struct hg_forward *forward)
{
	FILE *file = begin_member(members);

	return file && fprintf(file, stand_in, forward->name, forward->target) > 0 && end_member(members, file);
}

static bool write_members(struct members *members)
{
	bool good = write_head(members);

	for (size_t i = 0; good && i < members->manifest->function_count; i++)
		good = write_wrapper(members, members->manifest->functions[i].name);
	for (size_t i = 0; good && members->options->is_static && i < HG_FORWARD_COUNT; i++)
		good = !stands_in(members->manifest, &hg_forwards[i]) || write_stand_in(members, &hg_forwards[i]);
	return good;
}

/* What a linker reads: of gcc and clang, `-Wl,@FILE`. In programs that are fully static stacks are found by the index
 * that gcc leaves out of them. */
static bool write_options(const struct members *members)
{
	const struct hg_manifest *manifest = members->manifest;
	bool is_static = members->options->is_static;
	size_t wrapped = members->options->library ? 0 : manifest->function_count;
	const char *folder = members->folder;
	FILE *errors = members->errors;
	char *path = hg_format("%s/%s.link", folder, manifest->name);
	FILE *file = fopen(path, "w");
	const char *first = is_static ? "--eh-frame-hdr\n" : "--export-dynamic-symbol=" HG_LINKS_SYMBOL "\n";
	bool good = file && fputs(first, file) >= 0;

	for (size_t i = 0; good && i < wrapped; i++)
		good = fprintf(file, "--wrap=%s\n", manifest->functions[i].name) > 0;
	for (size_t i = 0; good && is_static && i < HG_FORWARD_COUNT; i++)
		good = !stands_in(manifest, &hg_forwards[i]) || fprintf(file, "--wrap=%s\n", hg_forwards[i].name) > 0;
	good = ((!file || fclose(file) == 0) && good) || failed(errors, path);
	free(path);
	return good;
}

/* --- what makes the archive --- */

/* In the folder. posix_spawn can change to one from glibc 2.29 on, and the wheel is for 2.28: the child shares this
 * memory until it has become the program, so that what keeps it from that is known here. */
static bool run(const char *folder, char **words, FILE *errors)
{
	volatile int error = 0;
	int status = 0;
	pid_t child = vfork();

	if (child == 0) {
		if (chdir(folder) == 0)
			execvp(words[0], words);
		error = errno;
		_exit(127);
	}
	if (child < 0)
		error = errno;
	if (child > 0 && waitpid(child, &status, 0) == child && error == 0 && status == 0)
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

static bool make_archive(const struct members *members)
{
	size_t count = members->count;
	char **words = hg_allocate(count + 5, sizeof(*words));
	char *archive = hg_format("libhandleguard-%s.a", members->manifest->name);

	words[0] = tool("CC", "cc");
	words[1] = (char *)"-c";
	memcpy(words + 2, members->sources, count * sizeof(*words));
	bool good = run(members->folder, words, members->errors);
	words[0] = tool("AR", "ar");
	words[1] = (char *)"rcsD";
	words[2] = archive;
	memcpy(words + 3, members->objects, count * sizeof(*words));
	words[3 + count] = members->options->is_static ? (char *)hg_runtime_object() : NULL;
	good = good && run(members->folder, words, members->errors);
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

static bool can_be_static(FILE *errors)
{
	if (access(hg_runtime_object(), R_OK) == 0)
		return true;
	fprintf(errors,
	        "handleguard: %s cannot be read: %s; it comes with what libraries are built with (Debian: "
	        "libhandleguard-dev), "
	        "unless this handleguard was built without libunwind.a\n",
	        hg_runtime_object(), strerror(errno));
	return false;
}

/* The library's archive, with other names of the functions by which it calls them itself. */
static bool write_library(const struct members *members)
{
	const struct hg_manifest *manifest = members->manifest;
	char *library = realpath(members->options->library, NULL);
	char *list = hg_format("%s/handleguard.names", members->folder);
	FILE *file = fopen(list, "w");
	bool good = file && library;

	for (size_t i = 0; good && i < manifest->function_count; i++)
		good = fprintf(file, "%1$s " APART "%1$s\n", manifest->functions[i].name) > 0;
	good = (!file || fclose(file) == 0) && good;
	if (!good)
		failed(members->errors, library ? list : members->options->library);
	char *words[] = {tool("OBJCOPY", "objcopy"), (char *)"--redefine-syms=handleguard.names", library,
	                 library ? basename(library) : NULL, NULL};
	good = good && run(members->folder, words, members->errors);
	unlink(list);
	free(list);
	free(library);
	return good;
}

bool hg_link_archive_write(const struct hg_manifest *manifest, const struct hg_link_options *options, FILE *errors)
{
	const char *folder = options->folder;
	struct members members = {.manifest = manifest, .options = options, .folder = folder, .errors = errors};
	size_t most = 1 + manifest->function_count + HG_FORWARD_COUNT;

	if (options->is_static && !can_be_static(errors))
		return false;
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return failed(errors, folder);
	char *old = hg_format("%s/libhandleguard-%s.a", folder, manifest->name);
	unlink(old);
	free(old);
	members.sources = hg_allocate(most, sizeof(*members.sources));
	members.objects = hg_allocate(most, sizeof(*members.objects));
	bool good = write_members(&members) && make_archive(&members) && write_options(&members) &&
	            (!options->library || write_library(&members));
	drop(folder, members.sources, members.count);
	drop(folder, members.objects, members.count);
	return good;
}
