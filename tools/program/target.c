#include "program/target.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "common/host.h"
#include "format/image.h"
#include "program/elf/elf_facts.h"
#include "program/status.h"

static int say_missing(FILE *errors, const char *program, const char *command)
{
	if (strchr(command, '/'))
		fprintf(errors, "%s: %s: there is no such file to run\n", program, command);
	else
		fprintf(errors, "%s: %s: no folder of PATH has such a program\n", program, command);
	return HG_STATUS_NOT_FOUND;
}

static int say_not_executable(FILE *errors, const char *program, const char *path, const char *why)
{
	fprintf(errors, "%s: %s: cannot be run: %s\n", program, path, why);
	return HG_STATUS_NOT_EXECUTABLE;
}

/* 0 if the file can be run, else the exit status; says nothing. */
static int file_status(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return errno == EACCES ? HG_STATUS_NOT_EXECUTABLE : HG_STATUS_NOT_FOUND;
	if (!S_ISREG(status.st_mode) || access(path, X_OK) != 0)
		return HG_STATUS_NOT_EXECUTABLE;
	return 0;
}

static int check_file(FILE *errors, const char *program, const char *path)
{
	struct stat status;
	int result = file_status(path);

	if (result == HG_STATUS_NOT_FOUND)
		return say_missing(errors, program, path);
	if (result == 0)
		return 0;
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return say_not_executable(errors, program, path,
		                          S_ISDIR(status.st_mode) ? "it is a folder" : "it is not a file");
	return say_not_executable(errors, program, path, "you have no permission to execute it");
}

/* Looks in the folders of PATH for the first executable file of that name; an empty folder means the current one. If
 * there is none, but a file that cannot be executed, the message names that file. */
static int find_in_path(FILE *errors, const char *program, const char *command, char **path)
{
	const char *folders = getenv("PATH") ? getenv("PATH") : "/usr/local/bin:/usr/bin:/bin";
	char *refused = NULL;
	int result;

	for (;; folders++) {
		int length = (int)strcspn(folders, ":");
		if (asprintf(path, "%.*s/%s", length > 0 ? length : 1, length > 0 ? folders : ".", command) < 0)
			abort();
		result = file_status(*path);
		if (result == 0)
			break;
		if (result == HG_STATUS_NOT_EXECUTABLE && !refused)
			refused = *path;
		else
			free(*path);
		*path = NULL;
		folders += length;
		if (*folders == '\0')
			break;
	}
	if (result != 0)
		result = refused ? check_file(errors, program, refused) : say_missing(errors, program, command);
	free(refused);
	return result;
}

/* Does the kernel start this file with rights that the caller has not, so that the loader ignores LD_PRELOAD? */
static const char *secure_reason(const char *path)
{
	struct stat status;
	struct statvfs mount;

	if (stat(path, &status) != 0 || (statvfs(path, &mount) == 0 && (mount.f_flag & ST_NOSUID)))
		return NULL;
	if ((status.st_mode & S_ISUID) && status.st_uid != getuid())
		return "set-user-id";
	if ((status.st_mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && status.st_gid != getgid())
		return "set-group-id";
	/* Root has every capability already. */
	if (getuid() != 0 && getxattr(path, "security.capability", NULL, 0) > 0)
		return "a program with file capabilities";
	return NULL;
}

static void say_unguarded(FILE *errors, const char *program, const char *path, const struct hg_elf_facts *facts)
{
	if (facts->guards_inside)
		fprintf(errors,
		        "%s: %s: is statically linked with the guards of another version of handleguard inside, and it "
		        "runs "
		        "unguarded; write its archive anew ('handleguard manifest link --static'), and link it again\n",
		        program, path);
	else
		fprintf(errors,
		        "%s: %s: is statically linked, so nothing can be preloaded into it, and it runs unguarded; "
		        "link it dynamically, put guards into it with 'handleguard manifest link --static', or embed "
		        "them with handleguard.h\n",
		        program, path);
}

static int check_elf(FILE *errors, const char *program, const char *path, const struct hg_elf_facts *facts)
{
	const char *secure = secure_reason(path);

	if (facts->elf_class != ELFCLASS64 || facts->machine != HG_HOST_MACHINE) {
		fprintf(errors,
		        "%s: %s: is a program for another kind of machine (%d bits, ELF machine %u); only "
		        "64-bit " HG_HOST_NAME " programs can be guarded\n",
		        program, path, facts->elf_class == ELFCLASS64 ? 64 : 32, facts->machine);
		return HG_STATUS_UNABLE;
	}
	if (facts->is_library) {
		fprintf(errors, "%s: %s: is a library, not a program; name the program that loads it\n", program, path);
		return HG_STATUS_NOT_EXECUTABLE;
	}
	if (facts->interpreter[0] == '\0' && facts->guards_inside != HG_IMAGE_VERSION) {
		say_unguarded(errors, program, path, facts);
		return HG_TARGET_UNGUARDED;
	}
	if (strstr(facts->interpreter, "musl")) {
		fprintf(errors, "%s: %s: uses the C library of %s; only programs of the GNU C library can be guarded\n",
		        program, path, facts->interpreter);
		return HG_STATUS_UNABLE;
	}
	if (secure) {
		fprintf(errors,
		        "%s: %s: is %s, so the loader ignores LD_PRELOAD and nothing would be guarded; run a copy "
		        "without these rights, or run it as the user whose rights it takes\n",
		        program, path, secure);
		return HG_STATUS_UNABLE;
	}
	return 0;
}

bool hg_target_script(const char *path, char interpreter[PATH_MAX], char argument[PATH_MAX])
{
	char line[256] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t length = fd >= 0 ? read(fd, line, sizeof(line) - 1) : -1;

	if (fd >= 0)
		close(fd);
	if (length < 2 || strncmp(line, "#!", 2) != 0)
		return false;
	line[strcspn(line, "\n")] = '\0';
	char *name = line + 2 + strspn(line + 2, " \t");
	snprintf(interpreter, PATH_MAX, "%.*s", (int)strcspn(name, " \t"), name);
	char *rest = name + strlen(interpreter);
	snprintf(argument, PATH_MAX, "%s", rest + strspn(rest, " \t"));
	return interpreter[0] != '\0';
}

/* Follows a script to the program that reads it, as the kernel does, and checks that. A file that is neither is left to
 * the system, which has more formats than we know. */
static int check_runnable(FILE *errors, const char *program, const char *path)
{
	char current[PATH_MAX], next[PATH_MAX], argument[PATH_MAX];
	struct hg_elf_facts facts;

	snprintf(current, sizeof(current), "%s", path);
	for (int level = 0; level <= HG_TARGET_SCRIPTS; level++) {
		int result = check_file(errors, program, current);
		if (result != 0)
			return result;
		/* A file that may be executed need not be readable: then nothing speaks against it. */
		if (!hg_elf_facts_read(current, &facts))
			return 0;
		if (facts.is_elf)
			return check_elf(errors, program, current, &facts);
		if (!hg_target_script(current, next, argument))
			return 0;
		memcpy(current, next, sizeof(current));
	}
	return say_not_executable(errors, program, path,
	                          "its interpreter is a script of a script, too many levels deep");
}

int hg_target_find(const char *program, const char *command, char **path, FILE *errors)
{
	*path = NULL;
	if (command[0] == '\0')
		return say_missing(errors, program, "''");
	if (strchr(command, '/'))
		*path = strdup(command);
	else {
		int result = find_in_path(errors, program, command, path);
		if (result != 0)
			return result;
	}
	int result = *path ? check_runnable(errors, program, *path) : HG_STATUS_UNABLE;
	if (result != 0 && result != HG_TARGET_UNGUARDED) {
		free(*path);
		*path = NULL;
	}
	return result;
}

int hg_target_find_any(const char *program, const char *command, char **path)
{
	char *said = NULL;
	size_t length = 0;
	FILE *errors = open_memstream(&said, &length);
	int status = hg_target_find(program, command, path, errors ? errors : stderr);

	if (errors && fclose(errors) == 0 && status != HG_TARGET_UNGUARDED)
		fputs(said, stderr);
	free(said);
	return status;
}
