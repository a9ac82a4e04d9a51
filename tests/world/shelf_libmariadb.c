/* Usage: MYSQL_SOCKET=SOCKET MYSQL_USER=USER world_libmariadb quiet|race
 * `quiet` asks a server on several threads, each by a connection of its own, with stored and streamed results, prepared
 * statements and calls that do not block. `race` closes a connection while another thread waits for an answer on it,
 * uses it afterwards, goes on with a streamed result of it, and closes one in a forked child. */
#include <mysql.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "parked.h"
#include "quiet.h"

static void connect_to_server(MYSQL *connection)
{
	MUST(mysql_real_connect(connection, NULL, getenv("MYSQL_USER"), NULL, NULL, 0, getenv("MYSQL_SOCKET"), 0));
}

static MYSQL *connection_to_server(void)
{
	MYSQL *connection = mysql_init(NULL);

	MUST(connection);
	connect_to_server(connection);
	return connection;
}

/* ---- What is allowed ---- */

static void ask(MYSQL *connection)
{
	MUST(mysql_query(connection, "SELECT 1 UNION SELECT 2") == 0);
	MYSQL_RES *stored = mysql_store_result(connection);
	MUST(mysql_query(connection, "SELECT 3") == 0);
	MYSQL_RES *streamed = mysql_use_result(connection);
	MUST(strcmp(*mysql_fetch_row(streamed), "3") == 0 && !mysql_fetch_row(streamed));
	mysql_free_result(streamed);
	MUST(mysql_num_rows(stored) == 2 && strcmp(*mysql_fetch_row(stored), "1") == 0);
	mysql_free_result(stored);
	MUST(mysql_query(connection, "nonsense") != 0 && mysql_errno(connection) != 0 && *mysql_error(connection));
}

static MYSQL_STMT *prepare(MYSQL *connection)
{
	MYSQL_STMT *statement = mysql_stmt_init(connection);

	MUST(mysql_stmt_prepare(statement, "SELECT 4", 8) == 0);
	return statement;
}

static void execute(MYSQL_STMT *statement)
{
	int number = 0;
	MYSQL_BIND bind = {.buffer_type = MYSQL_TYPE_LONG, .buffer = &number};
	MYSQL_RES *columns = mysql_stmt_result_metadata(statement);

	MUST(mysql_num_fields(columns) == 1);
	mysql_free_result(columns);
	MUST(mysql_stmt_execute(statement) == 0 && mysql_stmt_bind_result(statement, &bind) == 0);
	MUST(mysql_stmt_fetch(statement) == 0 && number == 4 && mysql_stmt_fetch(statement) == MYSQL_NO_DATA);
}

static void wait_for(MYSQL *connection)
{
	struct pollfd side = {.fd = mysql_get_socket(connection), .events = POLLIN};

	MUST(poll(&side, 1, -1) == 1);
}

static void ask_without_blocking(MYSQL *connection)
{
	int result;
	MYSQL_RES *stored;

	for (int wait = mysql_query_start(&result, connection, "SELECT 5"); wait;
	     wait = mysql_query_cont(&result, connection, MYSQL_WAIT_READ))
		wait_for(connection);
	MUST(result == 0);
	for (int wait = mysql_store_result_start(&stored, connection); wait;
	     wait = mysql_store_result_cont(&stored, connection, MYSQL_WAIT_READ))
		wait_for(connection);
	MUST(strcmp(*mysql_fetch_row(stored), "5") == 0);
	mysql_free_result(stored);
}

static void *use_connection(void *unused)
{
	for (int i = 0; i < 5; i++) {
		MYSQL on_the_stack, *connection = connection_to_server();
		MYSQL_STMT *statement = prepare(connection);
		ask(connection);
		execute(statement);
		MUST(mysql_stmt_close(statement) == 0);
		MYSQL_STMT *left = prepare(connection);
		mysql_close(connection);
		MUST(mysql_stmt_execute(left) != 0 && mysql_stmt_close(left) == 0);

		MUST(mysql_init(&on_the_stack) == &on_the_stack);
		MUST(mysql_options(&on_the_stack, MYSQL_OPT_NONBLOCK, 0) == 0);
		connect_to_server(&on_the_stack);
		ask_without_blocking(&on_the_stack);
		mysql_close(&on_the_stack);
	}
	mysql_thread_end();
	return unused;
}

static void quiet(void)
{
	pthread_t threads[] = {start(use_connection, NULL), start(use_connection, NULL)};

	join(threads[0]);
	join(threads[1]);
}

/* ---- What is not ---- */

static _Atomic pid_t waiter;

static void *wait_for_answer(void *connection)
{
	waiter = (pid_t)syscall(SYS_gettid);
	mysql_query(connection, "SELECT SLEEP(100)");
	return NULL;
}

static void close_under_a_query(void)
{
	MYSQL *connection = connection_to_server();
	int descriptor = mysql_get_socket(connection);
	pthread_t thread = start(wait_for_answer, connection);

	await_parked(&waiter);
	mysql_affected_rows(connection); /* two threads in one connection */
	mysql_close(connection);         /* gives up at the deadline */
	MUST(mysql_ping(connection) == 1 && mysql_errno(connection) == 2006);
	shutdown(descriptor, SHUT_RDWR);
	join(thread);
}

static void close_under_a_result(void)
{
	MYSQL *connection = connection_to_server();

	MUST(mysql_query(connection, "SELECT 1 UNION SELECT 2") == 0);
	MYSQL_RES *streamed = mysql_use_result(connection);
	mysql_close(connection);
	MUST(!mysql_fetch_row(streamed));
	mysql_free_result(streamed);
	mysql_close(connection);
}

static void close_in_child(void)
{
	int status;
	MYSQL *connection = connection_to_server();
	pid_t child = fork();

	if (child == 0) {
		mysql_close(connection); /* its parent's */
		_exit(0);
	}
	MUST(waitpid(child, &status, 0) == child && status == 0);
	MUST(mysql_ping(connection) == 0);
	mysql_close(connection);
}

static void race(void)
{
	close_under_a_query();
	close_under_a_result();
	close_in_child();
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && mysql_library_init(0, NULL, NULL) == 0);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	mysql_library_end();
	return 0;
}
