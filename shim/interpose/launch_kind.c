#include "interpose/launch_kind.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "base/counters.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/sys.h"
#include "format/links.h"
#include "format/record.h"

/* Where nothing is special, no system calls but those that the loader of the program will make itself: a filter that
 * lets programs be started allows them. */

#if defined(__x86_64__)
enum { OWN_MACHINE = EM_X86_64 };
#else
enum { OWN_MACHINE = EM_AARCH64 };
#endif

/* Of which all that decides lies in the first page of nearly every file. */
enum { HEAD = 4096 };           /* limit: LAUNCHES_UNSURE */
enum { MOST_INTERPRETERS = 5 }; /* no limit: the kernel follows no more */

struct needed {
	const struct needed *next;
	const char *object;
};

static struct hg_arena arena;
static const struct needed *all_needed;

void hg_launch_needs(const char *object)
{
	struct needed *fresh = object[0] ? hg_arena_take(&arena, sizeof *fresh) : NULL;
	if (!fresh)
		return;
	*fresh = (struct needed){all_needed, object};
	all_needed = fresh;
}

static long open_file(const char *path)
{
	return hg_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0, 0, 0);
}

static bool may_access(const char *path, int how)
{
#if defined(SYS_access)
	return hg_syscall(SYS_access, (long)path, how, 0, 0, 0, 0) == 0;
#else
	return hg_syscall(SYS_faccessat, AT_FDCWD, (long)path, how, 0, 0, 0) == 0;
#endif
}

static void close_file(long file)
{
	hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
}

/* --- the environment --- */

static const char *value_of(char *const *environment, const char *name)
{
	size_t length = strlen(name);
	for (; environment && *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

static bool contains(const char *text, const char *part)
{
	size_t length = strlen(part);
	for (; text && *text; text++)
		if (strncmp(text, part, length) == 0)
			return true;
	return false;
}

static enum hg_unguarded kind_by_environment(char *const *environment)
{
	/* By the user's own rights: what else this process still has is gone with the exec. */
	const char *preload = value_of(environment, "LD_PRELOAD"),
	           *output = value_of(environment, "HANDLEGUARD_OUTPUT");
	for (const struct needed *needed = all_needed; needed; needed = needed->next)
		if (!contains(preload, needed->object))
			return HG_UNGUARDED_PRELOAD;
	for (const struct needed *needed = all_needed; needed; needed = needed->next)
		if (!may_access(needed->object, R_OK))
			return HG_UNGUARDED_OBJECT;
	return output && strcmp(output, hg_options.output) == 0 ? HG_GUARDED : HG_UNGUARDED_OUTPUT;
}

static const char preload_name[] = "LD_PRELOAD=";

static bool is_preload(const char *variable)
{
	return strncmp(variable, preload_name, sizeof preload_name - 1) == 0;
}

size_t hg_launch_spared_size(char *const *environment)
{
	size_t size = sizeof(char *);
	for (; environment && *environment; environment++)
		size += sizeof(char *) + (is_preload(*environment) ? strlen(*environment) + 1 : 0);
	return size;
}

static bool is_own(const char *element, size_t length)
{
	for (const struct needed *needed = all_needed; needed; needed = needed->next)
		if (strlen(needed->object) == length && strncmp(element, needed->object, length) == 0)
			return true;
	return false;
}

/* The variable's elements that are not ours. */
static void copy_preload(char *to, const char *variable)
{
	const char *element = variable + sizeof preload_name - 1, *before = "";
	memcpy(to, preload_name, sizeof preload_name);
	to += sizeof preload_name - 1;
	for (size_t length; *element; element += length + (element[length] != '\0')) {
		length = strcspn(element, ": ");
		if (is_own(element, length))
			continue;
		memcpy(to, before, strlen(before));
		to += strlen(before);
		memcpy(to, element, length);
		to += length;
		before = ":";
	}
	*to = '\0';
}

char **hg_launch_spared(char *const *environment, void *memory)
{
	char **copy = memory, **list = copy;
	size_t count = 1;
	for (char *const *at = environment; at && *at; at++)
		count++;
	char *text = (char *)(copy + count);
	for (; environment && *environment; environment++) {
		*list++ = *environment;
		if (!is_preload(*environment))
			continue;
		list[-1] = text;
		copy_preload(text, *environment);
		text += strlen(*environment) + 1;
		if (list[-1][sizeof preload_name - 1] == '\0')
			list--; /* nothing is left of it */
	}
	*list = NULL;
	return copy;
}

/* --- the file --- */

/* As the kernel decides it (AT_SECURE), but for file capabilities. */
static bool is_secure(long file)
{
	enum { NO_SET_ID = 0x2 /* ST_NOSUID */ };
	struct stat status;
	struct statfs mount;
	if (hg_syscall(SYS_newfstatat, file, (long)"", (long)&status, AT_EMPTY_PATH, 0, 0) != 0)
		return false;
	bool user = status.st_mode & S_ISUID, group = (status.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP);
	if ((!user && !group) || hg_syscall(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0) == 1 ||
	    (hg_syscall(SYS_fstatfs, file, (long)&mount, 0, 0, 0, 0) == 0 && (mount.f_flags & NO_SET_ID)))
		return false;
	return (user && status.st_uid != hg_syscall(SYS_getuid, 0, 0, 0, 0, 0, 0)) ||
	       (group && status.st_gid != hg_syscall(SYS_getgid, 0, 0, 0, 0, 0, 0));
}

/* The loader that it asks for; null: none. `unsure`: the head does not tell. */
static const char *interpreter_in(const char *head, size_t size, bool *unsure)
{
	const Elf64_Ehdr *header = (const void *)head;
	const Elf64_Phdr *segment = (const void *)(head + header->e_phoff);
	*unsure = header->e_phoff % 8 || header->e_phoff > size ||
	          header->e_phnum > (size - header->e_phoff) / sizeof *segment;
	for (int i = 0; !*unsure && i < header->e_phnum; i++) {
		if (segment[i].p_type != PT_INTERP)
			continue;
		*unsure = segment[i].p_offset >= size || segment[i].p_filesz > size - segment[i].p_offset ||
		          segment[i].p_filesz == 0 || head[segment[i].p_offset + segment[i].p_filesz - 1];
		return *unsure ? NULL : head + segment[i].p_offset;
	}
	return NULL;
}

/* Whether one of its notes says that the runtime is a part of it (links.h). What is not in the head is not seen. */
static bool has_guards_inside(const char *head, size_t size)
{
	static const char name[] = HG_LINKS_NOTE_NAME;
	const Elf64_Ehdr *header = (const void *)head;
	const Elf64_Phdr *segment = (const void *)(head + header->e_phoff);
	for (const Elf64_Phdr *end = segment + header->e_phnum; segment < end; segment++) {
		size_t at = segment->p_offset, last = at + segment->p_filesz;
		while (segment->p_type == PT_NOTE && last <= size && at + sizeof(Elf64_Nhdr) + sizeof name <= last) {
			const Elf64_Nhdr *note = (const void *)(head + at);
			size_t aligned = segment->p_align < 8 ? 4 : 8;
			if (note->n_namesz == sizeof name && note->n_type == HG_LINKS_NOTE_TYPE &&
			    memcmp(note + 1, name, sizeof name) == 0)
				return true;
			at += (sizeof *note + note->n_namesz + aligned - 1) & -aligned;
			at += (note->n_descsz + aligned - 1) & -aligned;
		}
	}
	return false;
}

/* The loader itself can be told to run a program. */
static bool is_loader(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	return strncmp(name, "ld-linux", 8) == 0 || strncmp(name, "ld.so", 5) == 0;
}

static enum hg_unguarded kind_of_elf(const char *head, size_t size, const char *path)
{
	const Elf64_Ehdr *header = (const void *)head;
	bool unsure = false;
	if (head[EI_CLASS] == ELFCLASS32)
		return HG_UNGUARDED_BITS;
	if (size < sizeof *header)
		return HG_GUARDED;
	if (header->e_machine != OWN_MACHINE)
		return HG_UNGUARDED_MACHINE;
	const char *interpreter = interpreter_in(head, size, &unsure);
	if (unsure) {
		hg_count(HG_COUNTER_LAUNCHES_UNSURE);
		return HG_GUARDED;
	}
	if (!interpreter)
		return is_loader(path) || has_guards_inside(head, size) ? HG_GUARDED : HG_UNGUARDED_STATIC;
	return contains(interpreter, "musl") ? HG_UNGUARDED_MUSL : HG_GUARDED;
}

struct file {
	long at;
	bool shared; /* its position is not to be moved */
	_Alignas(8) char head[HEAD + 1];
	size_t size;
};

static void read_head(struct file *file)
{
	long call = file->shared ? SYS_pread64 : SYS_read;
	long size = file->at < 0 ? 0 : hg_syscall(call, file->at, (long)file->head, HEAD, 0, 0, 0);
	file->size = size > 0 ? (size_t)size : 0;
	file->head[file->size] = '\0';
}

/* What reads this script; false: it is none. */
static bool interpreter_of_script(const struct file *file, char program[PATH_MAX])
{
	if (file->head[0] != '#' || file->head[1] != '!')
		return false;
	const char *name = file->head + 2;
	while (*name == ' ' || *name == '\t')
		name++;
	size_t length = strcspn(name, " \t\n");
	if (length == 0 || length >= PATH_MAX)
		return false;
	memcpy(program, name, length);
	program[length] = '\0';
	return true;
}

static enum hg_unguarded kind_of(struct file *file, char *const *environment, char program[PATH_MAX])
{
	read_head(file);
	for (int level = 0; level < MOST_INTERPRETERS && interpreter_of_script(file, program); level++) {
		close_file(file->at);
		file->at = open_file(program);
		file->shared = false;
		read_head(file);
	}
	enum hg_unguarded kind = HG_GUARDED;
	if (file->size > EI_CLASS && memcmp(file->head, ELFMAG, SELFMAG) == 0)
		kind = kind_of_elf(file->head, file->size, program);
	if (kind == HG_GUARDED && file->at >= 0 && is_secure(file->at))
		kind = HG_UNGUARDED_SECURE;
	return kind == HG_GUARDED ? kind_by_environment(environment) : kind;
}

/* --- where it is --- */

/* The first of PATH's folders that has it decides; an empty one is the current one. False: none has it. */
static bool find_in_path(const char *name, char program[PATH_MAX])
{
	const char *folders = value_of(environ, "PATH");
	for (folders = folders ? folders : "/bin:/usr/bin";; folders++) {
		size_t length = strcspn(folders, ":"), rest = strlen(name);
		if (length + rest + 2 <= PATH_MAX) {
			memcpy(program, folders, length);
			program[length] = '/';
			memcpy(program + length + (length > 0), name, rest + 1);
			if (may_access(program, X_OK))
				return true;
		}
		folders += length;
		if (!*folders)
			return false;
	}
}

enum hg_unguarded hg_launch_kind(const char *name, bool search, char *const *environment, char program[PATH_MAX])
{
	if (search && !strchr(name, '/')) {
		if (!find_in_path(name, program))
			return HG_GUARDED;
	} else if (strlen(name) < PATH_MAX && may_access(name, X_OK)) {
		strcpy(program, name);
	} else {
		return HG_GUARDED;
	}
	struct file file = {.at = open_file(program)};
	enum hg_unguarded kind = kind_of(&file, environment, program);
	if (file.at >= 0)
		close_file(file.at);
	return kind;
}

enum hg_unguarded hg_launch_kind_of(int descriptor, char *const *environment, char program[PATH_MAX])
{
	/* no limit: what a number takes */
	char link[64] = "/proc/self/fd/", *end = link + strlen(link);
	char digits[16]; /* no limit: what a number takes */
	int count = 0;
	for (unsigned rest = (unsigned)descriptor; count == 0 || rest; rest /= 10)
		digits[count++] = (char)('0' + rest % 10);
	while (count)
		*end++ = digits[--count];
	long length = hg_syscall(SYS_readlinkat, AT_FDCWD, (long)link, (long)program, PATH_MAX - 1, 0, 0);
	program[length > 0 ? length : 0] = '\0';
	struct file file = {.at = hg_syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, 0, 0, 0, 0), .shared = true};
	enum hg_unguarded kind = kind_of(&file, environment, program);
	if (file.at >= 0)
		close_file(file.at);
	return kind;
}
