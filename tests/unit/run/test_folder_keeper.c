/* Who may have which files of a run's folder from the keeper. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "format/keeper.h"
#include "format/launches.h"
#include "run/folder_keeper.h"
#include "said.h"

static int connect_to(const char *folder)
{
	struct sockaddr_un address;
	socklen_t size = hg_keeper_address(folder, &address);
	int connection = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	ck_assert_int_ge(connection, 0);
	ck_assert_int_eq(connect(connection, (struct sockaddr *)&address, size), 0);
	return connection;
}

/* A descriptor, or a negative errno. */
static int answer_of(int connection)
{
	struct hg_keeper_answer text;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
	struct iovec bytes = {&text, sizeof(text)};
	struct msghdr message = {
	    .msg_iov = &bytes, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
	int file = -1;
	ck_assert_int_eq(recvmsg(connection, &message, MSG_CMSG_CLOEXEC), sizeof(text));
	if (CMSG_FIRSTHDR(&message))
		memcpy(&file, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(file));
	close(connection);
	ck_assert((file >= 0) == (text.error == 0));
	return text.error ? -text.error : file;
}

static int ask(enum hg_keeper_verb verb, const char *name)
{
	struct hg_keeper_request request = {.verb = verb};
	int connection = connect_to(said_folder());
	snprintf(request.name, sizeof(request.name), "%s", name);
	ck_assert_int_eq(send(connection, &request, sizeof(request), 0), sizeof(request));
	return answer_of(connection);
}

static bool is_there(const char *name)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/%s", said_folder(), name);
	return access(path, F_OK) == 0;
}

START_TEST(a_recording_is_made_once_and_opened_again)
{
	struct hg_keeper *keeper = hg_keeper_start(said_folder());
	struct stat made, opened;
	ck_assert_ptr_nonnull(keeper);
	int file = ask(HG_KEEPER_CREATE, "a.hgr"), again = ask(HG_KEEPER_OPEN, "a.hgr");
	ck_assert_int_ge(file, 0);
	ck_assert_int_eq(write(file, "x", 1), 1);
	ck_assert_int_eq(fstat(file, &made), 0);
	ck_assert_int_eq(fstat(again, &opened), 0);
	ck_assert_uint_eq(made.st_ino, opened.st_ino);
	ck_assert_int_eq((int)(made.st_mode & 0777), 0600);
	ck_assert_int_eq(ask(HG_KEEPER_CREATE, "a.hgr"), -EEXIST);
	ck_assert_int_eq(ask(HG_KEEPER_OPEN, "b.hgr"), -ENOENT);
	ck_assert_int_ge(ask(HG_KEEPER_CREATE, HG_LAUNCHES_FILE), 0);
	hg_keeper_stop(keeper);
}
END_TEST

START_TEST(nothing_else_is_given_away)
{
	static const char *const names[] = {"a.txt", "../a.hgr", "/tmp/a.hgr", "x/a.hgr", "", "launches2"};
	struct hg_keeper *keeper = hg_keeper_start(said_folder());
	char link[512];
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ck_assert_int_eq(ask(HG_KEEPER_CREATE, names[i]), -EPROTO);
	ck_assert(!is_there("a.txt"));
	snprintf(link, sizeof(link), "%s/link.hgr", said_folder());
	ck_assert_int_eq(symlink("/etc/passwd", link), 0);
	ck_assert_int_eq(ask(HG_KEEPER_OPEN, "link.hgr"), -ELOOP);
	hg_keeper_stop(keeper);
}
END_TEST

START_TEST(what_is_no_request_gets_none)
{
	struct hg_keeper *keeper = hg_keeper_start(said_folder());
	struct hg_keeper_request endless = {.verb = HG_KEEPER_CREATE};
	int connection = connect_to(said_folder());
	ck_assert_int_eq(send(connection, "short", 5, 0), 5);
	ck_assert_int_eq(answer_of(connection), -EPROTO);
	memset(endless.name, 'a', sizeof(endless.name));
	connection = connect_to(said_folder());
	ck_assert_int_eq(send(connection, &endless, sizeof(endless), 0), sizeof(endless));
	ck_assert_int_eq(answer_of(connection), -EPROTO);
	close(connect_to(said_folder())); /* goes away without a word */
	ck_assert_int_ge(ask(HG_KEEPER_CREATE, "a.hgr"), 0);
	hg_keeper_stop(keeper);
}
END_TEST

static void *ask_often(void *unused)
{
	for (int i = 0; i < 20; i++)
		ck_assert_int_ge(ask(HG_KEEPER_OPEN, "a.hgr"), 0);
	return unused;
}

START_TEST(many_ask_at_once)
{
	struct hg_keeper *keeper = hg_keeper_start(said_folder());
	pthread_t threads[8];
	ck_assert_int_ge(ask(HG_KEEPER_CREATE, "a.hgr"), 0);
	for (int i = 0; i < 8; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, ask_often, NULL), 0);
	for (int i = 0; i < 8; i++)
		pthread_join(threads[i], NULL);
	hg_keeper_stop(keeper);
}
END_TEST

START_TEST(one_folder_has_one_keeper)
{
	struct hg_keeper *keeper = hg_keeper_start(said_folder());
	ck_assert_ptr_null(hg_keeper_start(said_folder()));
	hg_keeper_stop(keeper);
	keeper = hg_keeper_start(said_folder());
	ck_assert_ptr_nonnull(keeper);
	hg_keeper_stop(keeper);
	hg_keeper_stop(NULL);
	ck_assert_ptr_null(hg_keeper_start("/none/there"));
}
END_TEST

int main(void)
{
	return SAID_SUITE("run: folder keeper", a_recording_is_made_once_and_opened_again, nothing_else_is_given_away,
	                  what_is_no_request_gets_none, many_ask_at_once, one_folder_has_one_keeper);
}
