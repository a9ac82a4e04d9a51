/* An automatic extension hands the new connection to another thread before sqlite3_open has returned it. The connection
 * is closed while that thread uses it.
 *
 * finding: late-free db d; call sqlite3_close in open_and_close on closer; op sqlite3_exec in execute on user;
 *     create any; drained
 * recording: handles.db.freed=1
 */
#include "statements.h"

static struct side user;

static void execute(void *db)
{
	CHECK(sqlite3_exec(db, "select stand_still()", NULL, NULL, NULL) == SQLITE_OK);
}

static int extend(sqlite3 *db, const char **error, const struct sqlite3_api_routines *routines)
{
	(void)error;
	(void)routines;
	tell("d", db);
	add_stand_still(db);
	start(&user, "user", execute, db);
	await_inside();
	return SQLITE_OK;
}

static void open_and_close(void *unused)
{
	(void)unused;
	CHECK(sqlite3_close(open_unlocked()) == SQLITE_OK);
}

int main(void)
{
	struct side closer;
	CHECK(sqlite3_auto_extension((void (*)(void))extend) == SQLITE_OK);
	start(&closer, "closer", open_and_close, NULL);
	meet(&user, &closer);
	return 0;
}
