/* System calls only, for none of them may be a cancellation point. */
#include "record/keeper_client.h"

#include <poll.h>
#include <sys/stat.h>

#include "base/sys.h"

static const struct timespec patience = {.tv_sec = 1}; /* limit: RECORDING_REFUSED */

static long call(long number, long a, const void *b, long c, const void *d, const void *e)
{
	return hg_syscall(number, a, (long)b, c, (long)d, (long)e, 0);
}

/* Anybody could have bound the name first: only root's word counts, and that of who this process is itself. */
static bool is_trusted(int at)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	return hg_syscall(SYS_getsockopt, at, SOL_SOCKET, SO_PEERCRED, (long)&peer, (long)&size, 0) == 0 &&
	       (peer.uid == 0 || (long)peer.uid == hg_syscall(SYS_geteuid, 0, 0, 0, 0, 0, 0));
}

static int connect_to(const char *folder)
{
	struct sockaddr_un address;
	socklen_t size = hg_keeper_address(folder, &address);
	long at =
	    size ? call(SYS_socket, AF_UNIX, (void *)(SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK), 0, NULL, NULL)
	         : -ENAMETOOLONG;
	if (at < 0)
		return (int)at;
	long error = call(SYS_connect, at, &address, size, NULL, NULL);
	if (error == 0 && is_trusted((int)at))
		return (int)at;
	hg_syscall(SYS_close, at, 0, 0, 0, 0, 0);
	return error ? (int)error : -EPERM;
}

static int descriptor_in(struct msghdr *message)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(message);
	int file = -EPROTO;
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS)
		memcpy(&file, CMSG_DATA(header), sizeof file);
	return file;
}

static int receive(int at)
{
	struct pollfd ready = {.fd = at, .events = POLLIN};
	struct timespec left = patience;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct hg_keeper_answer answer = {.error = EPROTO};
	struct iovec bytes = {&answer, sizeof answer};
	struct msghdr message = {
	    .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
	long size;
	do
		size = call(SYS_ppoll, (long)&ready, (void *)1, (long)&left, NULL, NULL);
	while (size == -EINTR);
	size = size == 1 ? call(SYS_recvmsg, at, &message, MSG_CMSG_CLOEXEC, NULL, NULL) : -ETIMEDOUT;
	if (size < 0)
		return (int)size;
	return size == sizeof answer && answer.error == 0 ? descriptor_in(&message) : -answer.error;
}

/* A store into what is no file of its own could be the end of this process. */
static int checked(int file)
{
	struct stat status;
	if (file < 0 || (hg_syscall(SYS_fstat, file, (long)&status, 0, 0, 0, 0) == 0 && S_ISREG(status.st_mode)))
		return file;
	hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
	return -EPROTO;
}

int hg_keeper_ask(const char *folder, enum hg_keeper_verb verb, const char *name)
{
	struct hg_keeper_request request = {.verb = verb};
	if (strlen(name) >= sizeof request.name)
		return -ENAMETOOLONG;
	strcpy(request.name, name);
	int at = connect_to(folder);
	if (at < 0)
		return at;
	long sent = call(SYS_sendto, at, &request, sizeof request, (void *)MSG_NOSIGNAL, NULL);
	int file = sent == sizeof request ? checked(receive(at)) : (int)(sent < 0 ? sent : -EPROTO);
	hg_syscall(SYS_close, at, 0, 0, 0, 0, 0);
	return file;
}
