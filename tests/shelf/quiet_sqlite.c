/* A correct user of SQLite: 100 000 handles of every class on several threads, each used and freed in the order that
 * the documentation asks for, or allows. Under the guard there is nothing to report, not even a note. */
#include <sqlite3.h>
#include <string.h>

#include "quiet.h"

#ifndef SQLITE_ENABLE_SESSION
#error "compile with SQLITE_ENABLE_SESSION and SQLITE_ENABLE_PREUPDATE_HOOK, or the header hides the session functions"
#endif

enum { THREADS = 4, STATEMENTS = 17000, STRINGS = 4000, CONNECTIONS = 400, SHARED_STATEMENTS = 3000, SMALL = 200 };

atomic_ulong handles;

static sqlite3 *open_memory(void)
{
	sqlite3 *db;
	MUST(sqlite3_open_v2(":memory:", &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX,
	                     NULL) == SQLITE_OK);
	count_handle();
	return db;
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *statement;
	MUST(sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK);
	count_handle();
	return statement;
}

static void run_sql(sqlite3 *db, const char *sql)
{
	char *error = NULL;
	MUST(sqlite3_exec(db, sql, NULL, NULL, &error) == SQLITE_OK && !error);
}

static void make_table(sqlite3 *db)
{
	run_sql(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, x, y); INSERT INTO t VALUES(1, zeroblob(64), 1.5)");
}

static void read_statement(sqlite3_stmt *statement, int expected)
{
	MUST(sqlite3_bind_int(statement, 1, expected) == SQLITE_OK);
	MUST(sqlite3_bind_double(statement, 2, 0.25) == SQLITE_OK);
	MUST(sqlite3_step(statement) == SQLITE_ROW);
	MUST(sqlite3_column_int(statement, 0) == expected);
	MUST(sqlite3_column_double(statement, 1) > 0.2);
	MUST(sqlite3_step(statement) == SQLITE_DONE);
}

static void statements(sqlite3 *db)
{
	for (int i = 0; i < STATEMENTS; i++) {
		sqlite3_stmt *statement = prepare(db, "SELECT ?1, ?2");
		read_statement(statement, i);
		MUST(sqlite3_db_handle(statement) == db);
		MUST(sqlite3_finalize(statement) == SQLITE_OK);
		if (i % 64 == 0)
			run_sql(db, "UPDATE t SET y = y + 1"); /* prepares and frees a statement of the library's own */
	}
	MUST(sqlite3_finalize(NULL) == SQLITE_OK);
}

static void strings(sqlite3 *db)
{
	for (int i = 0; i < STRINGS; i++) {
		sqlite3_str *string = sqlite3_str_new(i % 2 ? db : NULL);
		count_handle();
		sqlite3_str_appendf(string, "%d %d %d %d %d %d %d %d %d %s %.1f", 1, 2, 3, 4, 5, 6, 7, 8, 9, "ten",
		                    11.5);
		sqlite3_str_appendchar(string, 1, '!');
		MUST(sqlite3_str_length(string) == 27);
		char *text = sqlite3_str_finish(string);
		MUST(strcmp(text, "1 2 3 4 5 6 7 8 9 ten 11.5!") == 0);
		sqlite3_free(text);
	}
}

static void blobs(sqlite3 *db)
{
	char bytes[8] = "1234567";
	for (int i = 0; i < SMALL; i++) {
		sqlite3_blob *blob;
		MUST(sqlite3_blob_open(db, "main", "t", "x", 1, 1, &blob) == SQLITE_OK);
		count_handle();
		MUST(sqlite3_blob_bytes(blob) == 64);
		MUST(sqlite3_blob_write(blob, bytes, sizeof(bytes), 8) == SQLITE_OK);
		MUST(sqlite3_blob_reopen(blob, 1) == SQLITE_OK);
		MUST(sqlite3_blob_read(blob, bytes, sizeof(bytes), 8) == SQLITE_OK);
		MUST(sqlite3_blob_close(blob) == SQLITE_OK);
	}
}

static void backups(sqlite3 *db)
{
	sqlite3 *copy = open_memory();
	for (int i = 0; i < SMALL; i++) {
		sqlite3_backup *backup = sqlite3_backup_init(copy, "main", db, "main");
		MUST(backup);
		count_handle();
		MUST(sqlite3_backup_step(backup, -1) == SQLITE_DONE);
		MUST(sqlite3_backup_remaining(backup) == 0);
		MUST(sqlite3_backup_finish(backup) == SQLITE_OK);
	}
	MUST(sqlite3_close(copy) == SQLITE_OK);
}

/* An SQL function that copies its argument, and another whose lent argument may lie where the copy lay. */
static void copy_value(sqlite3_context *context, int count, sqlite3_value **values)
{
	sqlite3_value *copy = sqlite3_value_dup(values[count - 1]);
	MUST(copy);
	count_handle();
	sqlite3_result_value(context, copy);
	sqlite3_value_free(copy);
}

static void values(sqlite3 *db)
{
	MUST(sqlite3_create_function_v2(db, "copy", 1, SQLITE_UTF8, NULL, copy_value, NULL, NULL, NULL) == SQLITE_OK);
	for (int i = 0; i < SMALL; i++)
		run_sql(db, "SELECT copy(copy(x)) FROM t");
}

static int take_all(void *context, int conflict, sqlite3_changeset_iter *change)
{
	const char *table;
	int columns, operation, indirect;
	(void)context, (void)conflict;
	MUST(sqlite3changeset_op(change, &table, &columns, &operation, &indirect) == SQLITE_OK);
	return SQLITE_CHANGESET_OMIT;
}

static void read_changes(int size, void *changes)
{
	sqlite3_changeset_iter *change;
	MUST(sqlite3changeset_start(&change, size, changes) == SQLITE_OK);
	count_handle();
	MUST(sqlite3changeset_next(change) == SQLITE_ROW);
	MUST(sqlite3changeset_finalize(change) == SQLITE_OK);
}

static void group_changes(int size, void *changes)
{
	sqlite3_changegroup *group;
	sqlite3_rebaser *rebaser;
	void *all;
	int all_size;
	MUST(sqlite3changegroup_new(&group) == SQLITE_OK);
	MUST(sqlite3changegroup_add(group, size, changes) == SQLITE_OK);
	MUST(sqlite3changegroup_output(group, &all_size, &all) == SQLITE_OK);
	sqlite3changegroup_delete(group);
	sqlite3_free(all);
	MUST(sqlite3rebaser_create(&rebaser) == SQLITE_OK);
	sqlite3rebaser_delete(rebaser);
	count_handle();
	count_handle();
}

/* A changeset that conflicts with what it is applied to: the iterator that take_all is lent is the library's own. */
static void sessions(sqlite3 *db)
{
	for (int i = 0; i < SMALL; i++) {
		sqlite3_session *session;
		void *changes;
		int size;
		MUST(sqlite3session_create(db, "main", &session) == SQLITE_OK);
		count_handle();
		MUST(sqlite3session_attach(session, NULL) == SQLITE_OK);
		run_sql(db, "INSERT INTO t VALUES(2, 'two', 2)");
		MUST(sqlite3session_changeset(session, &size, &changes) == SQLITE_OK);
		sqlite3session_delete(session);
		read_changes(size, changes);
		group_changes(size, changes);
		MUST(sqlite3changeset_apply(db, size, changes, NULL, take_all, NULL) == SQLITE_OK);
		sqlite3_free(changes);
		run_sql(db, "DELETE FROM t WHERE id = 2");
	}
}

/* A connection that cannot be opened is a handle all the same; one with a statement refuses to be closed, or lives on
 * behind it; and its statements can be found from it. */
static void connections(void)
{
	for (int i = 0; i < CONNECTIONS; i++) {
		sqlite3 *failed;
		MUST(sqlite3_open_v2("/nowhere/at/all", &failed, SQLITE_OPEN_READONLY, NULL) == SQLITE_CANTOPEN);
		count_handle();
		MUST(strlen(sqlite3_errmsg(failed)) > 0);
		MUST(sqlite3_close(failed) == SQLITE_OK);

		sqlite3 *db = open_memory();
		sqlite3_stmt *statement = prepare(db, "SELECT ?1, ?2");
		MUST(sqlite3_close(db) == SQLITE_BUSY);
		read_statement(statement, i);
		MUST(sqlite3_next_stmt(db, NULL) == statement);
		MUST(sqlite3_finalize(statement) == SQLITE_OK);
		MUST(sqlite3_close(db) == SQLITE_OK);

		db = open_memory();
		statement = prepare(db, "SELECT ?1, ?2");
		MUST(sqlite3_close_v2(db) == SQLITE_OK);
		read_statement(statement, i);
		MUST(sqlite3_finalize(statement) == SQLITE_OK);
	}
	MUST(sqlite3_close(NULL) == SQLITE_OK && sqlite3_close_v2(NULL) == SQLITE_OK);
}

static void *own_connection(void *unused)
{
	sqlite3 *db = open_memory();
	make_table(db);
	statements(db);
	strings(db);
	blobs(db);
	backups(db);
	values(db);
	sessions(db);
	MUST(sqlite3_close(db) == SQLITE_OK);
	connections();
	return unused;
}

/* One connection for two threads: one prepares, the other steps and finalizes, while the first is at the next. */
struct shared {
	sqlite3 *db;
	struct hand_over statements;
};

static void *finish_statements(void *argument)
{
	struct shared *shared = argument;
	sqlite3_stmt *statement;
	int expected = 0;
	while ((statement = take(&shared->statements))) {
		read_statement(statement, expected++);
		MUST(sqlite3_changes(shared->db) >= 0);
		MUST(sqlite3_finalize(statement) == SQLITE_OK);
	}
	MUST(expected == SHARED_STATEMENTS);
	return NULL;
}

static void *shared_connection(void *unused)
{
	struct shared shared = {open_memory(), HAND_OVER_INIT};
	make_table(shared.db);
	pthread_t finisher = start(finish_statements, &shared);
	for (int i = 0; i < SHARED_STATEMENTS; i++)
		give(&shared.statements, prepare(shared.db, "SELECT ?1, ?2"));
	end_giving(&shared.statements);
	join(finisher);
	MUST(sqlite3_close(shared.db) == SQLITE_OK);
	return unused;
}

/* One thread runs a statement without end until another interrupts it; then all is freed. */
static void *run_without_end(void *statement)
{
	MUST(sqlite3_step(statement) == SQLITE_INTERRUPT);
	return NULL;
}

static void interrupted_statement(void)
{
	sqlite3 *db = open_memory();
	sqlite3_stmt *statement =
	    prepare(db, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
	pthread_t runner = start(run_without_end, statement);
	while (!sqlite3_stmt_busy(statement))
		sched_yield();
	sqlite3_interrupt(db);
	join(runner);
	MUST(sqlite3_finalize(statement) == SQLITE_INTERRUPT);
	MUST(sqlite3_close(db) == SQLITE_OK);
}

int main(void)
{
	pthread_t threads[THREADS], sharing[2];
	MUST(sqlite3_threadsafe() == 1);
	for (int i = 0; i < THREADS; i++)
		threads[i] = start(own_connection, NULL);
	for (int i = 0; i < 2; i++)
		sharing[i] = start(shared_connection, NULL);
	interrupted_statement();
	for (int i = 0; i < THREADS; i++)
		join(threads[i]);
	for (int i = 0; i < 2; i++)
		join(sharing[i]);
	MUST(atomic_load(&handles) >= 100000);
	printf("%lu handles created, used and freed\n", atomic_load(&handles));
	return 0;
}
