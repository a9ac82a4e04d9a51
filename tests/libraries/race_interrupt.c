/* A statement is finalized, and a connection closed, while another thread is in a query that would never end: the guard
 * has SQLite interrupt it.
 *
 * finding: late-free stmt query; call sqlite3_finalize in main; op sqlite3_step in step on reader;
 *     create sqlite3_prepare_v3 in main; drained; woken sqlite3_interrupt
 * finding: late-free db db; call sqlite3_close in main; op sqlite3_exec in execute on reader; create sqlite3_open in open_database;
 *     drained; woken sqlite3_interrupt
 * recording: handles.db.freed=1 handles.stmt.freed=1 calls.sqlite3_interrupt=0
 */
#include "endless.h"

static void step(void *query)
{
	CHECK(sqlite3_step(query) == SQLITE_INTERRUPT);
}

static void execute(void *db)
{
	CHECK(sqlite3_exec(db, ENDLESS, NULL, NULL, NULL) == SQLITE_INTERRUPT);
}

int main(void)
{
	struct side reader;
	sqlite3_stmt *query;
	sqlite3 *db = open_database();
	CHECK(sqlite3_prepare_v3(db, ENDLESS, -1, 0, &query, NULL) == SQLITE_OK);
	tell("db", db);
	tell("query", query);
	start(&reader, "reader", step, query);
	sem_wait(&under_way);
	sqlite3_finalize(query);
	join(&reader);
	sem_init(&under_way, 0, 0);
	start(&reader, "reader", execute, db);
	sem_wait(&under_way);
	CHECK(sqlite3_close(db) == SQLITE_OK);
	join(&reader);
	return 0;
}
