/* Statements of SQLite whose addresses come again, one after the other and on two threads: each is used and finalized
 * as if it had been prepared in sight.
 *
 * observed: same
 * recording: handles.statement.created=0 handles.statement.adopted=40 handles.statement.freed=40
 */
#include "unseen.h"

static void use_many(void *db)
{
	sqlite3_stmt *first = NULL;
	bool again = false;
	for (int i = 0; i < 20; i++) {
		sqlite3_stmt *statement = prepare(db, "SELECT 1");
		again |= statement == first;
		first = first ? first : statement;
		CHECK(sqlite3_step(statement) == SQLITE_ROW && sqlite3_step(statement) == SQLITE_DONE);
		CHECK(sqlite3_finalize(statement) == SQLITE_OK);
	}
	CHECK(again);
}

int main(void)
{
	struct side other;
	sqlite3 *db = database();
	use_many(db);
	start(&other, "other", use_many, db);
	join(&other);
	CHECK(sqlite3_close(db) == SQLITE_OK);
	return 0;
}
