/* SQLite, linked in: statements of several threads and of a forked child; `race`: a statement is finalized while
 * another thread is in a step of it (it is guarded with --drain=defer); `jump`: a step is left by a jump. */
#include <pthread.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4, ROUNDS = 20 };

static pthread_barrier_t begun, freed;
static jmp_buf jump;

static void must(int holds)
{
	if (!holds)
		abort();
}

static void *work(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		sqlite3 *db;
		sqlite3_stmt *sum;
		must(sqlite3_open(":memory:", &db) == SQLITE_OK);
		sqlite3_exec(db, "create table t(x); insert into t values (1), (2), (3)", NULL, NULL, NULL);
		sqlite3_prepare_v2(db, "select sum(x) from t", -1, &sum, NULL);
		must(sqlite3_step(sum) == SQLITE_ROW && sqlite3_column_int(sum, 0) == 6);
		sqlite3_finalize(sum);
		must(sqlite3_close(db) == SQLITE_OK);
	}
	return unused;
}

static void work_in_threads(void)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static void work_in_child(void)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		work(NULL);
		exit(0);
	}
	must(waitpid(child, &status, 0) == child && status == 0);
}

static void wait_within(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	(void)values;
	pthread_barrier_wait(&begun);
	pthread_barrier_wait(&freed);
	sqlite3_result_int(context, 1);
}

static void leave(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)context;
	(void)count;
	(void)values;
	longjmp(jump, 1);
}

static void *step(void *statement)
{
	sqlite3_step(statement);
	return NULL;
}

static void race(sqlite3 *db)
{
	pthread_t thread;
	sqlite3_stmt *statement;
	sqlite3_prepare_v2(db, "select wait_within()", -1, &statement, NULL);
	pthread_create(&thread, NULL, step, statement);
	pthread_barrier_wait(&begun);
	sqlite3_finalize(statement);
	pthread_barrier_wait(&freed);
	pthread_join(thread, NULL);
}

static void jump_out(sqlite3 *db)
{
	static sqlite3_stmt *statement;
	sqlite3_prepare_v2(db, "select leave()", -1, &statement, NULL);
	if (setjmp(jump) == 0)
		sqlite3_step(statement);
	puts("done");
	fflush(stdout);
	_exit(0);
}

int main(int count, char **arguments)
{
	sqlite3 *db;
	const char *what = count > 1 ? arguments[1] : "";
	pthread_barrier_init(&begun, NULL, 2);
	pthread_barrier_init(&freed, NULL, 2);
	work_in_threads();
	work_in_child();
	sqlite3_open(":memory:", &db);
	sqlite3_create_function(db, "wait_within", 0, SQLITE_UTF8, NULL, wait_within, NULL, NULL);
	sqlite3_create_function(db, "leave", 0, SQLITE_UTF8, NULL, leave, NULL, NULL);
	if (strcmp(what, "race") == 0)
		race(db);
	if (strcmp(what, "jump") == 0)
		jump_out(db);
	sqlite3_close(db);
	puts("done");
	return 0;
}
