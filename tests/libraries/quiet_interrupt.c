/* The program itself interrupts the query, and waits for its thread before it closes.
 *
 * recording: handles.db.freed=1 handles.stmt.freed=1 calls.sqlite3_interrupt=1
 */
#include "endless.h"

static void step(void *query)
{
	CHECK(sqlite3_step(query) == SQLITE_INTERRUPT);
}

int main(void)
{
	struct side reader;
	sqlite3_stmt *query;
	sqlite3 *db = open_database();
	CHECK(sqlite3_prepare_v3(db, ENDLESS, -1, 0, &query, NULL) == SQLITE_OK);
	start(&reader, "reader", step, query);
	sem_wait(&under_way);
	sqlite3_interrupt(db);
	join(&reader);
	sqlite3_finalize(query);
	CHECK(sqlite3_close(db) == SQLITE_OK);
	return 0;
}
