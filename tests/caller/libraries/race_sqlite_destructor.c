/* A statement is bound to another one, with sqlite3_finalize itself as the destructor. The other one's bindings are
 * cleared while a thread steps it.
 *
 * finding: late-free stmt v; call sqlite3_finalize in clear on closer; op sqlite3_step in step on user; create
 *     sqlite3_prepare_v2 in prepare; drained
 * recording: handles.stmt.freed=2 handles.db.freed=1
 */
#include "statements.h"

static void clear(void *statement)
{
	CHECK(sqlite3_clear_bindings(statement) == SQLITE_OK);
}

int main(void)
{
	struct side user, closer;
	sqlite3 *db = open_unlocked();
	add_stand_still(db);
	sqlite3_stmt *victim = prepare(db, "select stand_still()"), *holder = prepare(db, "select ?1");
	tell("v", victim);
	hold(holder, victim);
	start(&user, "user", step, victim);
	await_inside();
	start(&closer, "closer", clear, holder);
	meet(&user, &closer);
	CHECK(sqlite3_finalize(holder) == SQLITE_OK && sqlite3_close(db) == SQLITE_OK);
	return 0;
}
