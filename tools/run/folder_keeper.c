#include "run/folder_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "common/files.h"
#include "format/keeper.h"
#include "format/launches.h"
#include "format/record.h"

struct hg_keeper {
	int socket, folder;
	pthread_t thread;
};

enum { BACKLOG = 128 };

/* 0 if there is no such process, or nobody can tell. */
static pid_t parent_of(pid_t pid)
{
	char path[64], line[512] = "";
	int parent = 0;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return 0;
	size_t length = fread(line, 1, sizeof(line) - 1, file);
	fclose(file);
	line[length] = '\0';
	/* The name is in parentheses and may hold anything. */
	const char *rest = strrchr(line, ')');
	return rest && sscanf(rest + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

/* A process whose parents have ended has become a child of the tool (child.c). */
static bool is_descendant(pid_t pid)
{
	while (pid > 1 && pid != getpid())
		pid = parent_of(pid);
	return pid == getpid();
}

static bool may_ask(int connection)
{
	struct ucred peer;
	socklen_t size = sizeof(peer);

	return getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
	       (peer.uid == geteuid() || is_descendant(peer.pid));
}

static bool is_ours(const char *name)
{
	return strcmp(name, HG_LAUNCHES_FILE) == 0 || (!strchr(name, '/') && hg_has_suffix(name, HG_RECORD_SUFFIX));
}

/* A descriptor, or a negative errno. */
static int open_file(const struct hg_keeper *keeper, int connection)
{
	struct hg_keeper_request request;
	ssize_t size = recv(connection, &request, sizeof(request), 0);

	if (size != sizeof(request) || request.name[sizeof(request.name) - 1] != '\0' || !is_ours(request.name))
		return -EPROTO;
	int flags = request.verb == HG_KEEPER_CREATE ? O_CREAT | O_EXCL : 0;
	int file = may_ask(connection)
	               ? openat(keeper->folder, request.name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | flags, 0600)
	               : (errno = EPERM, -1);
	return file < 0 ? -errno : file;
}

static void answer(int connection, int file)
{
	struct hg_keeper_answer text = {.error = file < 0 ? -file : 0};

	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec bytes = {&text, sizeof(text)};
	struct msghdr message = {.msg_iov = &bytes, .msg_iovlen = 1};

	if (file >= 0) {
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &file, sizeof(int));
	}
	/* Who does not wait any more has made do without. */
	(void)!sendmsg(connection, &message, MSG_NOSIGNAL);
}

static void *serve(void *argument)
{
	const struct hg_keeper *keeper = argument;
	const struct timeval patience = {.tv_sec = 1};
	int connection;

	while ((connection = accept4(keeper->socket, NULL, NULL, SOCK_CLOEXEC)) >= 0 || errno != EINVAL) {
		if (connection < 0)
			continue;
		setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
		int file = open_file(keeper, connection);
		answer(connection, file);
		if (file >= 0)
			close(file);
		close(connection);
	}
	return NULL;
}

/* Signals are for the thread that waits for them (child.c). */
static bool start_thread(struct hg_keeper *keeper)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(&keeper->thread, NULL, serve, keeper);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return error == 0;
}

static bool listen_for(struct hg_keeper *keeper, const char *folder)
{
	struct sockaddr_un address;
	socklen_t size = hg_keeper_address(folder, &address);

	keeper->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	keeper->socket = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	return keeper->folder >= 0 && keeper->socket >= 0 && size > 0 &&
	       bind(keeper->socket, (struct sockaddr *)&address, size) == 0 && listen(keeper->socket, BACKLOG) == 0;
}

static void drop(struct hg_keeper *keeper)
{
	if (keeper->socket >= 0)
		close(keeper->socket);
	if (keeper->folder >= 0)
		close(keeper->folder);
	free(keeper);
}

struct hg_keeper *hg_keeper_start(const char *folder)
{
	struct hg_keeper *keeper = calloc(1, sizeof(*keeper));

	if (keeper && listen_for(keeper, folder) && start_thread(keeper))
		return keeper;
	if (keeper)
		drop(keeper);
	return NULL;
}

void hg_keeper_stop(struct hg_keeper *keeper)
{
	if (!keeper)
		return;
	/* The thread's next accept is refused. */
	shutdown(keeper->socket, SHUT_RDWR);
	pthread_join(keeper->thread, NULL);
	drop(keeper);
}
