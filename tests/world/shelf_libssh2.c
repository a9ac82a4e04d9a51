/* Usage: SSH_PORT=PORT SSH_USER=USER SSH_KEY=FILE world_libssh2 quiet|race
 * `quiet` runs commands and lists a folder, on several threads, each with a session of its own. `race` frees a channel
 * while another thread reads from it, uses it afterwards, and frees a session before the agent that was made from it.
 */
#include <arpa/inet.h>
#include <libssh2.h>
#include <libssh2_sftp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parked.h"
#include "quiet.h"

static int connect_to_server(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(getenv("SSH_PORT")))};
	int descriptor = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	MUST(connect(descriptor, (struct sockaddr *)&address, sizeof(address)) == 0);
	return descriptor;
}

static LIBSSH2_SESSION *session_over(int descriptor)
{
	LIBSSH2_SESSION *session = libssh2_session_init();

	MUST(session && libssh2_session_handshake(session, descriptor) == 0);
	MUST(libssh2_userauth_publickey_fromfile(session, getenv("SSH_USER"), NULL, getenv("SSH_KEY"), NULL) == 0);
	return session;
}

static LIBSSH2_CHANNEL *channel_with(LIBSSH2_SESSION *session, const char *command)
{
	LIBSSH2_CHANNEL *channel = libssh2_channel_open_session(session);

	MUST(channel && libssh2_channel_exec(channel, command) == 0);
	return channel;
}

/* ---- What is allowed ---- */

static void run_command(LIBSSH2_SESSION *session)
{
	char text[16];
	size_t length = 0;
	ssize_t count;
	LIBSSH2_CHANNEL *channel = channel_with(session, "echo abc");

	/* libssh2_channel_eof says no as long as anything is unread, also what came by another stream. */
	while ((count = libssh2_channel_read(channel, text + length, sizeof(text) - length)) > 0)
		length += (size_t)count;
	MUST(count == 0 && length == 4 && strncmp(text, "abc\n", 4) == 0 && libssh2_channel_eof(channel) >= 0);
	MUST(libssh2_channel_close(channel) == 0 && libssh2_channel_wait_closed(channel) == 0);
	MUST(libssh2_channel_get_exit_status(channel) == 0 && libssh2_channel_free(channel) == 0);
}

/* A call that would block is made again. */
static void free_without_blocking(LIBSSH2_SESSION *session)
{
	int result;
	LIBSSH2_CHANNEL *channel = channel_with(session, "cat");

	libssh2_session_set_blocking(session, 0);
	MUST(libssh2_channel_read(channel, (char[1]){0}, 1) == LIBSSH2_ERROR_EAGAIN);
	while ((result = libssh2_channel_free(channel)) == LIBSSH2_ERROR_EAGAIN)
		sched_yield();
	MUST(result == 0);
	libssh2_session_set_blocking(session, 1);
}

static void list_folder(LIBSSH2_SESSION *session)
{
	char name[256];
	int count = 0;
	LIBSSH2_SFTP_ATTRIBUTES attributes;
	LIBSSH2_SFTP *sftp = libssh2_sftp_init(session);
	LIBSSH2_SFTP_HANDLE *folder = libssh2_sftp_opendir(sftp, "/");

	while (libssh2_sftp_readdir(folder, name, sizeof(name), &attributes) > 0)
		count++;
	MUST(count > 2 && libssh2_sftp_closedir(folder) == 0);
	MUST(!libssh2_sftp_open(sftp, "/nowhere", LIBSSH2_FXF_READ, 0));
	MUST(libssh2_sftp_last_error(sftp) == LIBSSH2_FX_NO_SUCH_FILE && libssh2_sftp_shutdown(sftp) == 0);
}

static void know_host(LIBSSH2_SESSION *session)
{
	size_t length;
	int type;
	struct libssh2_knownhost *entry;
	const char *key = libssh2_session_hostkey(session, &length, &type);
	LIBSSH2_KNOWNHOSTS *hosts = libssh2_knownhost_init(session);
	enum { PLAIN = LIBSSH2_KNOWNHOST_TYPE_PLAIN | LIBSSH2_KNOWNHOST_KEYENC_RAW | LIBSSH2_KNOWNHOST_KEY_ECDSA_256 };

	MUST(libssh2_knownhost_addc(hosts, "there", NULL, key, length, NULL, 0, PLAIN, &entry) == 0);
	MUST(libssh2_knownhost_check(hosts, "there", key, length, PLAIN, &entry) == LIBSSH2_KNOWNHOST_CHECK_MATCH);
	libssh2_knownhost_free(hosts);
	libssh2_agent_free(libssh2_agent_init(session));
}

static void *use_session(void *unused)
{
	int descriptor = connect_to_server();
	LIBSSH2_SESSION *session = session_over(descriptor);

	for (int i = 0; i < 3; i++) {
		run_command(session);
		free_without_blocking(session);
		list_folder(session);
		know_host(session);
	}
	MUST(libssh2_session_disconnect(session, "done") == 0);
	MUST(libssh2_session_free(session) == 0);
	close(descriptor);
	return unused;
}

/* Channels and SFTP that are left go with the session. */
static void leave_some(void)
{
	int descriptor = connect_to_server();
	LIBSSH2_SESSION *session = session_over(descriptor);

	MUST(channel_with(session, "cat") && libssh2_sftp_init(session));
	MUST(libssh2_session_free(session) == 0);
	close(descriptor);
}

static void quiet(void)
{
	pthread_t threads[] = {start(use_session, NULL), start(use_session, NULL)};

	leave_some();
	join(threads[0]);
	join(threads[1]);
}

/* ---- What is not ---- */

static _Atomic pid_t reader;

static void *read_from(void *channel)
{
	reader = (pid_t)syscall(SYS_gettid);
	libssh2_channel_read(channel, (char[1]){0}, 1);
	return NULL;
}

static void race(void)
{
	int descriptor = connect_to_server();
	LIBSSH2_SESSION *session = session_over(descriptor);
	LIBSSH2_CHANNEL *channel = channel_with(session, "cat");
	pthread_t thread = start(read_from, channel);

	await_parked(&reader);
	MUST(libssh2_channel_get_exit_status(channel) == 0); /* two threads in one channel */
	libssh2_channel_free(channel);                       /* gives up at the deadline */
	MUST(libssh2_channel_write(channel, "a", 1) == LIBSSH2_ERROR_BAD_USE);
	shutdown(descriptor, SHUT_RDWR);
	join(thread);
	libssh2_channel_free(channel);
	LIBSSH2_AGENT *agent = libssh2_agent_init(session);
	libssh2_session_free(session);
	MUST(libssh2_agent_connect(agent) == LIBSSH2_ERROR_BAD_USE);
	libssh2_agent_free(agent);
	close(descriptor);
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && libssh2_init(0) == 0);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	libssh2_exit();
	return 0;
}
