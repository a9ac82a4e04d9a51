#include "doctor/trial.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "api/handleguard.h"
#include "common/paths.h"
#include "run/child.h"
#include "run/folder.h"
#include "run/folder_keeper.h"
#include "run/launch_list.h"
#include "run/preload.h"

/* What a recording takes beside its list of launches. */
enum { ROOM = 2 << 20 };

/* ---- The program ---- */

typedef handleguard *create_function(handleguard_class *, uint64_t, handleguard_site *);
typedef bool enter_function(handleguard *, handleguard_site *, handleguard_op *);
typedef void leave_function(handleguard_op *);
typedef handleguard_outcome free_function(handleguard *, handleguard_site *);

static handleguard_class kind = {.name = "trial"};
static handleguard_site site = {.name = "trial"};
static handleguard *guarded;

static void *use(void *unused)
{
	enter_function *enter = (enter_function *)dlsym(RTLD_DEFAULT, "handleguard_enter");
	leave_function *leave = (leave_function *)dlsym(RTLD_DEFAULT, "handleguard_leave");
	handleguard_op op;

	if (enter && leave && enter(guarded, &site, &op))
		leave(&op);
	return unused;
}

/* A handle that two threads have used is freed: that takes all system calls that guards make. */
int hg_trial_try(void)
{
	create_function *create = (create_function *)dlsym(RTLD_DEFAULT, "handleguard_create");
	free_function *begin_free = (free_function *)dlsym(RTLD_DEFAULT, "handleguard_begin_free");
	pthread_t user;

	if (!create || !begin_free)
		return HG_TRIAL_NO_GUARDS;
	guarded = create(&kind, 1, &site);
	use(NULL);
	if (pthread_create(&user, NULL, use, NULL) == 0)
		pthread_join(user, NULL);
	return guarded && begin_free(guarded, &site) == HANDLEGUARD_DRAINED ? HG_TRIAL_GOOD : HG_TRIAL_FAILED;
}

/* ---- The run ---- */

struct attempt {
	char *preload, *folder;
	struct hg_launches *launches;
	char path[PATH_MAX];
};

static void set_environment(void *context)
{
	const struct attempt *attempt = context;

	setenv("HANDLEGUARD_OUTPUT", attempt->folder, 1);
	setenv("LD_PRELOAD", attempt->preload, 1);
	if (attempt->launches)
		attempt->launches->program = (uint32_t)getpid();
}

static bool recorded(const char *folder)
{
	char **paths = NULL;
	size_t count = hg_folder_recordings(folder, &paths);

	hg_folder_recordings_free(paths, count);
	return count > 0;
}

/* Says what the program's end means. If a signal ended the program, the same signal ends this process. */
static int judge(const struct attempt *attempt, int status)
{
	bool seen = attempt->launches && attempt->launches->seen, kept = recorded(attempt->folder);

	hg_folder_remove(attempt->folder);
	if (WIFSIGNALED(status)) {
		signal(WTERMSIG(status), SIG_DFL);
		raise(WTERMSIG(status));
	}
	if (!seen || WEXITSTATUS(status) == HG_TRIAL_NO_GUARDS)
		return HG_TRIAL_NO_GUARDS;
	if (WEXITSTATUS(status) != HG_TRIAL_GOOD)
		return HG_TRIAL_FAILED;
	return kept ? HG_TRIAL_GOOD : HG_TRIAL_NO_RECORDING;
}

static int run(const char *program, const char *const *manifests, size_t count, const char *folder)
{
	struct attempt attempt = {.preload = hg_preload_list(program, manifests, count)};
	char *arguments[] = {attempt.path, (char[]){"doctor"}, (char[]){"--try"}, NULL};
	struct hg_child child = {
	    .path = attempt.path, .argv = arguments, .prepare = set_environment, .context = &attempt};
	struct hg_endings endings;

	if (!attempt.preload || !hg_own_path(attempt.path))
		return HG_TRIAL_REFUSED;
	attempt.folder = hg_folder_make(program, folder, ROOM);
	if (!attempt.folder)
		return HG_TRIAL_REFUSED;
	attempt.launches = hg_launches_make(attempt.folder);
	struct hg_keeper *keeper = hg_keeper_start(attempt.folder);
	int error = hg_child_run(&child, &endings);
	hg_keeper_stop(keeper);
	if (error == 0)
		return judge(&attempt, endings.status);
	hg_folder_remove(attempt.folder);
	fprintf(stderr, "%s: %s\n", attempt.path, strerror(error));
	return HG_TRIAL_REFUSED;
}

/* ---- From outside ---- */

static void read_first_line(int fd, char *line, size_t room)
{
	FILE *stream = fdopen(fd, "r");
	char rest[512];

	if (!stream || !fgets(line, (int)room, stream))
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	while (stream && fgets(rest, sizeof(rest), stream))
		;
	if (stream)
		fclose(stream);
	else
		close(fd);
}

void hg_trial_make(struct hg_trial *trial, const char *program, const char *const *manifests, size_t count,
                   const char *folder)
{
	int ends[2], status = 0;
	struct stat there;
	bool made = folder && stat(folder, &there) != 0;

	*trial = (struct hg_trial){.outcome = HG_TRIAL_FAILED};
	fflush(NULL);
	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDERR_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		_exit(run(program, manifests, count, folder));
	}
	close(ends[1]);
	read_first_line(ends[0], trial->said, sizeof(trial->said));
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid > 0 && WIFEXITED(status))
		trial->outcome = (enum hg_trial_outcome)WEXITSTATUS(status);
	if (pid > 0 && WIFSIGNALED(status)) {
		trial->outcome = HG_TRIAL_KILLED;
		trial->signal = WTERMSIG(status);
	}
	if (made)
		rmdir(folder);
}
