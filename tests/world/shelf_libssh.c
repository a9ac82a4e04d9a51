/* Usage: SSH_PORT=PORT SSH_USER=USER SSH_KEY=FILE world_libssh quiet|race
 * `quiet` runs commands, and writes, reads and lists files, on several threads, each with a session of its own. `race`
 * frees a channel while another thread reads from it, uses channels that a disconnect has freed, and frees a session
 * before what was made from it. */
#include <fcntl.h>
#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/sftp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parked.h"
#include "quiet.h"

static void log_in(ssh_session session)
{
	ssh_key key;

	MUST(ssh_pki_import_privkey_file(getenv("SSH_KEY"), NULL, NULL, NULL, &key) == SSH_OK);
	MUST(ssh_userauth_publickey(session, NULL, key) == SSH_AUTH_SUCCESS);
	ssh_key_free(key);
}

static ssh_session session_to_server(void)
{
	ssh_session session = ssh_new();
	unsigned port = (unsigned)atoi(getenv("SSH_PORT"));

	MUST(session && ssh_options_set(session, SSH_OPTIONS_HOST, "127.0.0.1") == SSH_OK);
	MUST(ssh_options_set(session, SSH_OPTIONS_PORT, &port) == SSH_OK);
	MUST(ssh_options_set(session, SSH_OPTIONS_USER, getenv("SSH_USER")) == SSH_OK);
	MUST(ssh_connect(session) == SSH_OK && ssh_is_connected(session));
	log_in(session);
	return session;
}

static ssh_channel channel_with(ssh_session session, const char *command)
{
	ssh_channel channel = ssh_channel_new(session);

	MUST(channel && ssh_channel_open_session(channel) == SSH_OK);
	MUST(ssh_channel_request_exec(channel, command) == SSH_OK);
	return channel;
}

static sftp_session files_of(ssh_session session)
{
	sftp_session sftp = sftp_new(session);

	MUST(sftp && sftp_init(sftp) == SSH_OK);
	return sftp;
}

/* ---- What is allowed ---- */

static void run_command(ssh_session session)
{
	char text[16];
	int length = 0, count;
	ssh_channel channel = channel_with(session, "cat");

	MUST(ssh_channel_write(channel, "abc\n", 4) == 4 && ssh_channel_send_eof(channel) == SSH_OK);
	while ((count = ssh_channel_read(channel, text + length, (uint32_t)(sizeof(text) - (size_t)length), 0)) > 0)
		length += count;
	MUST(count == 0 && length == 4 && strncmp(text, "abc\n", 4) == 0 && ssh_channel_is_eof(channel));
	MUST(ssh_channel_close(channel) == SSH_OK && ssh_channel_is_closed(channel));
	ssh_channel_free(channel);
}

static int take_data(ssh_session session, ssh_channel channel, void *data, uint32_t length, int is_error, void *count)
{
	MUST(session && channel && data && !is_error);
	*(unsigned *)count += length;
	return (int)length;
}

static void wait_by_an_event(ssh_session session)
{
	unsigned count = 0;
	struct ssh_channel_callbacks_struct callbacks = {.channel_data_function = take_data, .userdata = &count};
	ssh_event event = ssh_event_new();
	ssh_channel channel = channel_with(session, "echo abc");

	ssh_callbacks_init(&callbacks);
	MUST(ssh_set_channel_callbacks(channel, &callbacks) == SSH_OK &&
	     ssh_event_add_session(event, session) == SSH_OK);
	while (!ssh_channel_is_eof(channel))
		MUST(ssh_event_dopoll(event, -1) == SSH_OK);
	/* The channel is there until the server has closed it, too. */
	MUST(count == 4 && ssh_remove_channel_callbacks(channel, &callbacks) == SSH_OK);
	MUST(ssh_event_remove_session(event, session) == SSH_OK);
	ssh_event_free(event);
	ssh_channel_free(channel);
}

static void use_files(ssh_session session)
{
	char path[] = "/tmp/handleguard-libssh-XXXXXX", text[4];
	int descriptor = mkstemp(path), count = 0;
	sftp_session sftp = files_of(session);
	sftp_file file = sftp_open(sftp, path, O_RDWR, 0);

	MUST(descriptor >= 0 && file && sftp_write(file, "abc", 3) == 3 && sftp_seek(file, 0) == 0);
	MUST(sftp_read(file, text, 4) == 3 && strncmp(text, "abc", 3) == 0 && sftp_close(file) == SSH_OK);
	MUST(sftp_unlink(sftp, path) == SSH_OK && !sftp_open(sftp, path, O_RDONLY, 0));
	MUST(sftp_get_error(sftp) == SSH_FX_NO_SUCH_FILE);
	sftp_dir folder = sftp_opendir(sftp, "/");
	for (sftp_attributes entry; (entry = sftp_readdir(sftp, folder)); count++)
		sftp_attributes_free(entry);
	MUST(count > 2 && sftp_dir_eof(folder) && sftp_closedir(folder) == SSH_OK);
	sftp_free(sftp);
	close(descriptor);
}

static void know_host(ssh_session session)
{
	ssh_key key;
	unsigned char *hash;
	size_t length;

	MUST(ssh_get_server_publickey(session, &key) == SSH_OK && ssh_key_is_public(key));
	MUST(ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) == SSH_OK && length == 32);
	ssh_clean_pubkey_hash(&hash);
	ssh_key_free(key);
}

static void *use_session(void *unused)
{
	ssh_session session = session_to_server();

	for (int i = 0; i < 3; i++) {
		run_command(session);
		wait_by_an_event(session);
		use_files(session);
		know_host(session);
	}
	/* Channels that are left go with the connection. */
	channel_with(session, "cat");
	ssh_disconnect(session);
	MUST(!ssh_is_connected(session));
	ssh_free(session);
	session = session_to_server();
	channel_with(session, "cat");
	ssh_free(session);
	return unused;
}

static void quiet(void)
{
	pthread_t threads[] = {start(use_session, NULL), start(use_session, NULL)};

	join(threads[0]);
	join(threads[1]);
}

/* ---- What is not ---- */

static _Atomic pid_t reader;

static void *read_from(void *channel)
{
	reader = (pid_t)syscall(SYS_gettid);
	ssh_channel_read(channel, (char[1]){0}, 1, 0);
	return NULL;
}

static void free_under_a_read(void)
{
	ssh_session session = session_to_server();
	ssh_channel channel = channel_with(session, "cat");
	pthread_t thread = start(read_from, channel);

	await_parked(&reader);
	MUST(ssh_channel_is_open(channel)); /* two threads in one channel */
	ssh_channel_free(channel);          /* gives up at the deadline */
	MUST(ssh_channel_write(channel, "a", 1) == SSH_ERROR);
	shutdown(ssh_get_fd(session), SHUT_RDWR);
	join(thread);
	ssh_channel_free(channel);
	ssh_free(session);
}

static void use_after_a_disconnect(void)
{
	ssh_session session = session_to_server();
	ssh_channel channel = channel_with(session, "cat");

	ssh_disconnect(session);
	MUST(ssh_channel_is_open(channel) == 0);
	ssh_channel_free(channel);
	ssh_free(session);
}

static void free_before_its_files(void)
{
	ssh_session session = session_to_server();
	sftp_session sftp = files_of(session);

	ssh_free(session);
	MUST(sftp_unlink(sftp, "/nowhere") == SSH_ERROR);
	MUST(sftp_unlink(NULL, "/nowhere") == SSH_ERROR);
	sftp_free(sftp);
	MUST(strcmp(ssh_get_error(session), "this session is freed") == 0);
}

static void race(void)
{
	free_under_a_read();
	use_after_a_disconnect();
	free_before_its_files();
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
