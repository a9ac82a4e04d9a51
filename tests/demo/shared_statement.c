/* Two threads share one SQLite statement, of a connection that does not lock for them: while one is in sqlite3_step(),
 * the other resets the statement, or finalizes it.
 *
 * Usage: shared_statement reset|finalize [ROUNDS]
 *
 * Each time the two meet for certain: the query calls a function of ours for its first row, which comes back only when
 * the other thread's call has, or sleeps because somebody makes it wait. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MUST(condition)                                                                                                \
	do                                                                                                             \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "%s:%d: this does not hold: %s\n", __FILE__, __LINE__, #condition);            \
			exit(1);                                                                                       \
		}                                                                                                      \
	while (0)

static const char query[] = "SELECT meet(x) FROM numbers WHERE meet(x) > 0 ORDER BY rowid";

struct intruder {
	sqlite3_stmt *statement;
	int (*call)(sqlite3_stmt *);
	sem_t met;
	_Atomic int tid; /* once it is about to call */
	atomic_bool returned;
};

static struct intruder intruder;

/* A thread that has ended does not. Without stdio, whose memory the other thread could wait for. */
static bool sleeps(int tid)
{
	char path[64], line[32] = "";
	snprintf(path, sizeof path, "/proc/self/task/%d/syscall", tid);
	int file = open(path, O_RDONLY);
	if (file < 0)
		return false;
	ssize_t size = read(file, line, sizeof line - 1);
	close(file);
	return size > 0 && atoi(line) == SYS_futex;
}

static void meet(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	if (sqlite3_value_int(values[0]) == 1 && !intruder.tid) {
		sem_post(&intruder.met);
		while (!intruder.tid)
			sched_yield();
		while (!intruder.returned && !sleeps(intruder.tid))
			sched_yield();
	}
	sqlite3_result_value(context, values[0]);
}

static void *intrude(void *unused)
{
	sem_wait(&intruder.met);
	intruder.tid = gettid();
	intruder.call(intruder.statement);
	intruder.returned = true;
	return unused;
}

/* The statement is used by a second thread while it is in use; what it answers then is its own affair. */
static void share(sqlite3 *db, int (*call)(sqlite3_stmt *))
{
	pthread_t thread;
	intruder = (struct intruder){.call = call};
	MUST(sem_init(&intruder.met, 0, 0) == 0);
	MUST(sqlite3_prepare_v2(db, query, -1, &intruder.statement, NULL) == SQLITE_OK);
	MUST(pthread_create(&thread, NULL, intrude, NULL) == 0);
	while (sqlite3_step(intruder.statement) == SQLITE_ROW)
		;
	MUST(pthread_join(thread, NULL) == 0);
	if (call != sqlite3_finalize)
		MUST(sqlite3_finalize(intruder.statement) == SQLITE_OK);
}

int main(int argc, char **argv)
{
	sqlite3 *db;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	if (argc < 2)
		return 2;
	bool resets = strcmp(argv[1], "reset") == 0;
	MUST(sqlite3_open_v2(":memory:", &db, flags, NULL) == SQLITE_OK);
	MUST(sqlite3_create_function(db, "meet", 1, SQLITE_UTF8, NULL, meet, NULL, NULL) == SQLITE_OK);
	MUST(sqlite3_exec(db, "CREATE TABLE numbers(x); INSERT INTO numbers VALUES(1), (2), (3)", NULL, NULL, NULL) ==
	     SQLITE_OK);
	for (int left = argc > 2 ? atoi(argv[2]) : 1; left; left--)
		share(db, resets ? sqlite3_reset : sqlite3_finalize);
	MUST(sqlite3_close(db) == SQLITE_OK);
	puts("survived");
	return 0;
}
