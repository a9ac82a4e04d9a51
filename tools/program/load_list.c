#include "program/load_list.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/allocate.h"
#include "common/files.h"
#include "program/elf/elf_facts.h"
#include "program/target.h"

static void add_object(struct hg_load_list *load_list, const char *path, size_t length)
{
	char **longer = realloc(load_list->objects, (load_list->object_count + 1) * sizeof(*longer));

	if (!longer)
		return;
	load_list->objects = longer;
	longer[load_list->object_count++] = hg_copy_text(path, length);
}

/* "\tlibx.so.1 => /path (0x...)", "\t/lib64/ld.so (0x...)", "\tlinux-vdso.so.1 (0x...)"; or, and nothing else,
 * "PROGRAM: error while loading shared libraries: libx.so.1: cannot open shared object file: ..." */
static void read_line(struct hg_load_list *load_list, char *line)
{
	static const char complaint[] = "error while loading shared libraries: ";
	char *name = line + strspn(line, "\t ");
	char *arrow = strstr(name, " => "), *error = strstr(name, complaint);
	char *path = arrow ? arrow + strlen(" => ") : name;
	char *address = strstr(path, " (0x");

	if (error && !load_list->missing) {
		error += strlen(complaint);
		load_list->missing = hg_copy_text(error, strcspn(error, ":\n"));
	} else if (path[0] == '/' && address)
		add_object(load_list, path, (size_t)(address - path));
}

static void read_list(struct hg_load_list *load_list, int fd)
{
	FILE *list = fdopen(fd, "r");
	char *line = NULL;
	size_t size = 0;

	if (!list) {
		close(fd);
		return;
	}
	while (getline(&line, &size, list) >= 0)
		read_line(load_list, line);
	free(line);
	fclose(list);
}

/* $ORIGIN is where the program lies, not the link by which it is called. */
static pid_t start_loader(const char *loader, char *program, int output)
{
	char resolved[PATH_MAX];
	char *arguments[] = {(char *)loader, (char[]){"--list"}, realpath(program, resolved) ? resolved : program,
	                     NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid = 0;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	int error = posix_spawn(&pid, loader, &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error == 0 ? pid : 0;
}

static bool ask_loader(struct hg_load_list *load_list, const char *loader)
{
	int ends[2], status = 0;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid_t pid = start_loader(loader, load_list->program, ends[1]);
	close(ends[1]);
	read_list(load_list, ends[0]);
	if (pid == 0)
		return false;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* `#!/usr/bin/env python3` means python3. */
static void follow_env(char interpreter[PATH_MAX], const char *argument)
{
	char *path = NULL, *errors = NULL;
	size_t size = 0;

	if (strcmp(hg_base_name(interpreter), "env") != 0)
		return;
	if (strncmp(argument, "-S", 2) == 0)
		argument += 2 + strspn(argument + 2, " \t");
	char *name = hg_copy_text(argument, strcspn(argument, " \t"));
	FILE *unheard = open_memstream(&errors, &size);
	if (unheard && name[0] != '-' && !strchr(name, '=') && hg_target_find("handleguard", name, &path, unheard) == 0)
		snprintf(interpreter, PATH_MAX, "%s", path);
	if (unheard)
		fclose(unheard);
	free(errors);
	free(path);
	free(name);
}

static void find_program(struct hg_load_list *load_list, const char *path)
{
	char next[PATH_MAX], argument[PATH_MAX];

	snprintf(load_list->program, sizeof(load_list->program), "%s", path);
	for (int level = 0; level < HG_TARGET_SCRIPTS && hg_target_script(load_list->program, next, argument);
	     level++) {
		follow_env(next, argument);
		memcpy(load_list->program, next, sizeof(next));
		load_list->is_script = true;
	}
}

bool hg_load_list_read(struct hg_load_list *load_list, const char *path)
{
	struct hg_elf_facts facts;

	memset(load_list, 0, sizeof(*load_list));
	find_program(load_list, path);
	add_object(load_list, load_list->program, strlen(load_list->program));
	if (!hg_elf_facts_read(load_list->program, &facts) || !facts.is_elf)
		return false;
	load_list->is_static = facts.interpreter[0] == '\0' && facts.guards_inside;
	return load_list->is_static || (facts.interpreter[0] != '\0' && ask_loader(load_list, facts.interpreter));
}

void hg_load_list_drop(struct hg_load_list *load_list)
{
	for (size_t i = 0; i < load_list->object_count; i++)
		free(load_list->objects[i]);
	free(load_list->objects);
	free(load_list->missing);
}
