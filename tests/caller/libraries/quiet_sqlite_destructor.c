/* Statements that are bound to others, with sqlite3_finalize itself as the destructor: they go when the binding is
 * cleared, is bound anew, and when the other one is finalized.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.stmt.created=4 handles.stmt.freed=4 handles.db.freed=1
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.stmt.created=4 handles.stmt.freed=4 handles.db.freed=1
 */
#include "statements.h"

static sqlite3_stmt *prepare_and_step(sqlite3 *db)
{
	sqlite3_stmt *statement = prepare(db, "select 1 union select 2");
	CHECK(sqlite3_step(statement) == SQLITE_ROW);
	return statement;
}

int main(void)
{
	sqlite3 *db = open_unlocked();
	sqlite3_stmt *holder = prepare(db, "select ?1");
	hold(holder, prepare_and_step(db));
	CHECK(sqlite3_clear_bindings(holder) == SQLITE_OK);
	hold(holder, prepare_and_step(db));
	hold(holder, prepare_and_step(db));
	CHECK(sqlite3_step(holder) == SQLITE_ROW);
	CHECK(sqlite3_finalize(holder) == SQLITE_OK);
	CHECK(sqlite3_next_stmt(db, NULL) == NULL);
	CHECK(sqlite3_close(db) == SQLITE_OK);
	return 0;
}
