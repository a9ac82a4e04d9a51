/* Usage: world_libpq quiet|race
 * Talks to the server that the environment names (PGHOST, PGUSER, PGDATABASE). `quiet` does what the documentation
 * allows, with a connection that goes from thread to thread. `race` finishes a connection while another thread waits in
 * a query, uses it before and after, uses a result that it has cleared, and finishes a connection in a forked child. */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>

#include "parked.h"
#include "quiet.h"

static void ignore(void *unused, const char *message)
{
	(void)unused;
	(void)message;
}

static PGconn *connect_to_server(void)
{
	PGconn *conn = PQconnectdb("");

	MUST(PQstatus(conn) == CONNECTION_OK);
	PQsetNoticeProcessor(conn, ignore, NULL);
	return conn;
}

static void succeed(PGconn *conn, const char *command)
{
	PGresult *result = PQexec(conn, command);
	ExecStatusType status = PQresultStatus(result);

	MUST(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
	PQclear(result);
}

/* ---- What is allowed ---- */

static void *use_elsewhere(void *conn)
{
	succeed(conn, "SELECT 1");
	return NULL;
}

static void use_results(void)
{
	const char *values[] = {"41"};
	PGconn *conn = connect_to_server();

	join(start(use_elsewhere, conn));
	PGresult *result = PQexecParams(conn, "SELECT $1::int + 1", 1, NULL, values, NULL, NULL, 0);
	PGresult *copy = PQcopyResult(result, PG_COPYRES_ATTRS | PG_COPYRES_TUPLES);
	PQclear(result);
	PQclear(PQprepare(conn, "double", "SELECT 2 * $1::int", 1, NULL));
	result = PQexecPrepared(conn, "double", 1, values, NULL, NULL, 0);
	PQfinish(conn);
	/* Results outlive the connection. */
	MUST(strcmp(PQgetvalue(copy, 0, 0), "42") == 0 && strcmp(PQgetvalue(result, 0, 0), "82") == 0);
	PQclear(copy);
	PQclear(result);
	PQclear(NULL);
}

static void use_asynchronously(void)
{
	PGresult *result;
	int rows = 0;
	PGconn *conn = connect_to_server();

	for (int i = 0; i < 100; i++) {
		MUST(PQsendQuery(conn, "SELECT generate_series(1, 3); DO $$ BEGIN RAISE NOTICE 'here'; END $$"));
		MUST(PQsetSingleRowMode(conn) == 1);
		while ((result = PQgetResult(conn))) {
			rows += PQntuples(result);
			PQclear(result);
		}
	}
	MUST(rows == 300 && PQenterPipelineMode(conn) == 1 &&
	     PQsendQueryParams(conn, "SELECT 1", 0, NULL, NULL, NULL, NULL, 0));
	MUST(PQpipelineSync(conn) == 1);
	for (int ends = 0; ends < 2;) { /* of the query, and of the synchronisation */
		result = PQgetResult(conn);
		ends += !result || PQresultStatus(result) == PGRES_PIPELINE_SYNC;
		PQclear(result);
	}
	MUST(PQexitPipelineMode(conn) == 1);
	PQfinish(conn);
}

static void copy(void)
{
	char *line;
	PGconn *conn = connect_to_server();

	succeed(conn, "CREATE TEMPORARY TABLE lines (line text)");
	PQclear(PQexec(conn, "COPY lines FROM STDIN"));
	MUST(PQputCopyData(conn, "one\ntwo\n", 8) == 1 && PQputCopyEnd(conn, NULL) == 1);
	for (PGresult *result; (result = PQgetResult(conn));)
		PQclear(result);
	PQclear(PQexec(conn, "COPY lines TO STDOUT"));
	while (PQgetCopyData(conn, &line, 0) > 0)
		PQfreemem(line);
	for (PGresult *result; (result = PQgetResult(conn));)
		PQclear(result);
	PQreset(conn);
	MUST(PQstatus(conn) == CONNECTION_OK);
	PQfinish(conn);
}

static void fail_to_connect(void)
{
	PGconn *conn = PQconnectdb("host=/nowhere");

	MUST(PQstatus(conn) == CONNECTION_BAD && *PQerrorMessage(conn));
	PQfinish(conn);
}

/* ---- Both ---- */

static _Atomic pid_t sleeper;
static atomic_bool is_over;

static void *sleep_in_query(void *conn)
{
	sleeper = (pid_t)syscall(SYS_gettid);
	PGresult *result = PQexec(conn, "SELECT pg_sleep(600)");
	const char *outcome = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	MUST(outcome && strcmp(outcome, "57014") == 0); /* query_canceled */
	PQclear(result);
	is_over = true;
	return NULL;
}

static pthread_t start_query(PGconn *conn)
{
	sleeper = 0;
	is_over = false;
	pthread_t thread = start(sleep_in_query, conn);
	await_parked(&sleeper);
	return thread;
}

/* As often as it takes: what comes before the server has begun with the query is lost. */
static void cancel_query(PGcancel *cancel)
{
	char why[256];

	while (!is_over)
		MUST(cancel && PQcancel(cancel, why, sizeof(why)) == 1);
	PQfreeCancel(cancel);
}

static void cancel_from_outside(void)
{
	PGconn *conn = connect_to_server();
	PGcancel *cancel = PQgetCancel(conn);
	pthread_t thread = start_query(conn);

	cancel_query(cancel);
	join(thread);
	PQfinish(conn);
}

static void quiet(void)
{
	use_results();
	use_asynchronously();
	copy();
	fail_to_connect();
	cancel_from_outside();
}

/* ---- What is not ---- */

static void finish_in_query(void)
{
	PGconn *conn = connect_to_server();
	PGcancel *cancel = PQgetCancel(conn);
	pthread_t thread = start_query(conn);

	MUST(PQtransactionStatus(conn) == PQTRANS_ACTIVE);
	PQfinish(conn); /* gives up at the deadline */
	MUST(PQstatus(conn) == CONNECTION_BAD && strcmp(PQerrorMessage(conn), "this connection is finished\n") == 0);
	cancel_query(cancel);
	join(thread);
}

static void use_cleared_result(void)
{
	PGconn *conn = connect_to_server();
	PGresult *result = PQexec(conn, "SELECT 1");

	PQclear(result);
	MUST(PQntuples(result) == 0);
	PQfinish(conn);
}

static void finish_in_child(void)
{
	PGconn *conn = connect_to_server();
	pid_t child = fork();

	if (child == 0) {
		PQfinish(conn);
		_exit(0);
	}
	MUST(waitpid(child, NULL, 0) == child);
	succeed(conn, "SELECT 1"); /* the server knows nothing of it */
	PQfinish(conn);
}

static void race(void)
{
	finish_in_query();
	use_cleared_result();
	finish_in_child();
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
