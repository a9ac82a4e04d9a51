/* The progress handler of one connection ends with the finalization of another one's statement, which a thread steps.
 *
 * finding: late-free stmt v; call sqlite3_finalize in finalize_once|count_up on closer; op sqlite3_step in step on
 *     user; create sqlite3_prepare_v2 in prepare; drained
 * recording: handles.db.freed=2
 */
#include "statements.h"

static sqlite3_stmt *victim;

static int finalize_once(void *unused)
{
	(void)unused;
	sqlite3_stmt *statement = victim;
	victim = NULL;
	return sqlite3_finalize(statement);
}

static void count_up(void *db)
{
	const char *text =
	    "with recursive c(x) as (select 1 union all select x + 1 from c limit 500) select count(*) from c";
	sqlite3_progress_handler(db, 100, finalize_once, NULL);
	CHECK(sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK);
}

int main(void)
{
	struct side user, closer;
	sqlite3 *db = open_unlocked(), *other = open_unlocked();
	add_stand_still(db);
	victim = prepare(db, "select stand_still()");
	tell("v", victim);
	start(&user, "user", step, victim);
	await_inside();
	start(&closer, "closer", count_up, other);
	meet(&user, &closer);
	CHECK(sqlite3_close(db) == SQLITE_OK && sqlite3_close(other) == SQLITE_OK);
	return 0;
}
