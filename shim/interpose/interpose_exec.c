/* How the program starts others: before each, it is looked at whether guards will be there too, and noted if they will
 * not. Nothing else changes: the real functions are those that come after us.
 *
 * Calls come between vfork and exec too, where the parent's memory is in use: system calls, and stores into the stack
 * and the list of launches only. */
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "dynlink/beyond.h"
#include "dynlink/elf_lookup.h"
#include "format/image.h"
#include "format/launches.h"
#include "interpose/launch_kind.h"
#include "record/launch_list.h"

enum { EXECVE, EXECV, EXECVP, EXECVPE, FEXECVE, EXECVEAT, SPAWN, SPAWNP, SYSTEM, POPEN, FUNCTIONS };
static const char *const names[FUNCTIONS] = {"execve",   "execv",       "execvp",       "execvpe", "fexecve",
                                             "execveat", "posix_spawn", "posix_spawnp", "system",  "popen"};
static void *real[FUNCTIONS];

typedef void *thunk(void *handle, const char *name, const char *version, void *function);

void hg_exec_start(const struct hg_image *image)
{
	thunk *next = (thunk *)image->next_call;
	struct hg_definition object;
	if (!hg_launches_kept())
		return;
	if (hg_elf_object(image, &object))
		hg_launch_needs(object.library);
	hg_find_real_dlsym();
	for (int i = 0; i < FUNCTIONS; i++)
		if (!real[i])
			real[i] = next(RTLD_NEXT, names[i], NULL, hg_real_dlsym);
}

/* Before the start, constructors of other objects may call. */
static void *real_of(int function)
{
	return real[function] ? real[function] : hg_find_beyond(names[function]);
}

/* A program that is about to be started. */
struct start {
	enum hg_unguarded kind;
	struct hg_launch *launch; /* null: it is guarded, or nothing is noted */
};

static struct start look_at(const char *file, bool search, char *const *environment)
{
	char program[PATH_MAX];
	struct start start = {HG_GUARDED, NULL};
	if (hg_launches_kept() && file)
		start.kind = hg_launch_kind(file, search, environment, program);
	if (start.kind != HG_GUARDED)
		start.launch = hg_launch_note(start.kind, program);
	return start;
}

static int failed(struct start start, int result)
{
	hg_launch_failed(start.launch);
	return result;
}

/* The loader of musl would try to load what is for the GNU C library, and give the program up: it is to have an
 * environment without our objects, in `memory`. */
static char *const *spared(struct start start, char *const *environment, void *memory)
{
	return start.kind == HG_UNGUARDED_MUSL ? hg_launch_spared(environment, memory) : environment;
}

#define SPARED(start, environment)                                                                                     \
	spared(start, environment,                                                                                     \
	       (start).kind == HG_UNGUARDED_MUSL ? __builtin_alloca(hg_launch_spared_size(environment)) : NULL)

/* --- exec: what comes back has failed --- */

#define EXPORTED __attribute__((visibility("default")))

EXPORTED int hg_execve(const char *path, char *const arguments[], char *const environment[]);
EXPORTED int hg_execv(const char *path, char *const arguments[]);
EXPORTED int hg_execvp(const char *file, char *const arguments[]);
EXPORTED int hg_execvpe(const char *file, char *const arguments[], char *const environment[]);
EXPORTED int hg_execl(const char *path, const char *argument, ...);
EXPORTED int hg_execlp(const char *file, const char *argument, ...);
EXPORTED int hg_execle(const char *path, const char *argument, ...);
EXPORTED int hg_fexecve(int file, char *const arguments[], char *const environment[]);
EXPORTED int hg_execveat(int folder, const char *path, char *const arguments[], char *const environment[], int flags);

typedef int execute(const char *, char *const[], char *const[]);

int hg_execve(const char *path, char *const arguments[], char *const environment[])
{
	struct start start = look_at(path, false, environment);
	return failed(start, ((execute *)real_of(EXECVE))(path, arguments, SPARED(start, environment)));
}

int hg_execv(const char *path, char *const arguments[])
{
	int (*call)(const char *, char *const[]) = real_of(EXECV);
	struct start start = look_at(path, false, environ);
	if (start.kind == HG_UNGUARDED_MUSL)
		return failed(start, ((execute *)real_of(EXECVE))(path, arguments, SPARED(start, environ)));
	return failed(start, call(path, arguments));
}

int hg_execvp(const char *file, char *const arguments[])
{
	int (*call)(const char *, char *const[]) = real_of(EXECVP);
	struct start start = look_at(file, true, environ);
	if (start.kind == HG_UNGUARDED_MUSL)
		return failed(start, ((execute *)real_of(EXECVPE))(file, arguments, SPARED(start, environ)));
	return failed(start, call(file, arguments));
}

int hg_execvpe(const char *file, char *const arguments[], char *const environment[])
{
	struct start start = look_at(file, true, environment);
	return failed(start, ((execute *)real_of(EXECVPE))(file, arguments, SPARED(start, environment)));
}

static size_t count_arguments(va_list *arguments)
{
	size_t count = 1;
	while (va_arg(*arguments, char *))
		count++;
	return count;
}

/* The arguments behind the first, and the null that ends them. */
static void take_arguments(char **list, const char *first, va_list *arguments)
{
	*list++ = (char *)first;
	while (first)
		*list++ = (char *)(first = va_arg(*arguments, char *));
}

/* Makes `list` of a call's variable arguments, on the stack as the C library does. */
#define LIST_ARGUMENTS(list, first, rest)                                                                              \
	va_list rest;                                                                                                  \
	va_start(rest, first);                                                                                         \
	char **list = __builtin_alloca(((first) ? count_arguments(&rest) + 1 : 1) * sizeof *list);                     \
	va_end(rest);                                                                                                  \
	va_start(rest, first);                                                                                         \
	take_arguments(list, first, &rest)

int hg_execl(const char *path, const char *argument, ...)
{
	LIST_ARGUMENTS(list, argument, rest);
	va_end(rest);
	return hg_execv(path, list);
}

int hg_execlp(const char *file, const char *argument, ...)
{
	LIST_ARGUMENTS(list, argument, rest);
	va_end(rest);
	return hg_execvp(file, list);
}

int hg_execle(const char *path, const char *argument, ...)
{
	LIST_ARGUMENTS(list, argument, rest);
	char *const *environment = va_arg(rest, char *const *);
	va_end(rest);
	return hg_execve(path, list, environment);
}

int hg_fexecve(int file, char *const arguments[], char *const environment[])
{
	int (*call)(int, char *const[], char *const[]) = real_of(FEXECVE);
	char program[PATH_MAX];
	struct start start = {HG_GUARDED, NULL};
	if (hg_launches_kept())
		start.kind = hg_launch_kind_of(file, environment, program);
	if (start.kind != HG_GUARDED)
		start.launch = hg_launch_note(start.kind, program);
	return failed(start, call(file, arguments, SPARED(start, environment)));
}

/* Relative to another folder, it is not looked at. */
int hg_execveat(int folder, const char *path, char *const arguments[], char *const environment[], int flags)
{
	int (*call)(int, const char *, char *const[], char *const[], int) = real_of(EXECVEAT);
	if ((flags & AT_EMPTY_PATH) && path && !*path)
		return hg_fexecve(folder, arguments, environment);
	bool known = folder == AT_FDCWD || (path && *path == '/');
	struct start start = look_at(known ? path : NULL, false, environment);
	return failed(start, call(folder, path, arguments, SPARED(start, environment), flags));
}

/* --- what starts a process and comes back in any case --- */

EXPORTED int hg_posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                            const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]);
EXPORTED int hg_posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
                             const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[]);
EXPORTED int hg_system(const char *command);
EXPORTED FILE *hg_popen(const char *command, const char *mode);

typedef int spawn(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const[],
                  char *const[]);

int hg_posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                   const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[])
{
	struct start start = look_at(path, false, environment);
	int error = ((spawn *)real_of(SPAWN))(pid, path, actions, attributes, arguments, SPARED(start, environment));
	return error ? failed(start, error) : 0;
}

int hg_posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
                    const posix_spawnattr_t *attributes, char *const arguments[], char *const environment[])
{
	struct start start = look_at(file, true, environment);
	int error = ((spawn *)real_of(SPAWNP))(pid, file, actions, attributes, arguments, SPARED(start, environment));
	return error ? failed(start, error) : 0;
}

static const char shell[] = "/bin/sh";

int hg_system(const char *command)
{
	int (*call)(const char *) = real_of(SYSTEM);
	if (command)
		look_at(shell, false, environ);
	return call(command);
}

FILE *hg_popen(const char *command, const char *mode)
{
	FILE *(*call)(const char *, const char *) = real_of(POPEN);
	struct start start = look_at(shell, false, environ);
	FILE *stream = call(command, mode);
	if (!stream)
		hg_launch_failed(start.launch);
	return stream;
}
