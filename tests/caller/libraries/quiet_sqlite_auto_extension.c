/* An automatic extension uses each new connection before sqlite3_open has returned it; the new one is where the one
 * that was closed before it was.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.db.created=20 handles.db.freed=20
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.db.created=20 handles.db.freed=20
 */
#include "statements.h"

enum { ROUNDS = 20 };

static int extended;

static int extend(sqlite3 *db, const char **error, const struct sqlite3_api_routines *routines)
{
	(void)error;
	(void)routines;
	add_stand_still(db);
	extended++;
	return sqlite3_exec(db, "create table t(x); insert into t values (1)", NULL, NULL, NULL);
}

int main(void)
{
	int reused = 0;
	const void *before = NULL;
	CHECK(sqlite3_auto_extension((void (*)(void))extend) == SQLITE_OK);
	for (int i = 0; i < ROUNDS; i++) {
		sqlite3 *db = open_unlocked();
		reused += db == before;
		before = db;
		CHECK(sqlite3_exec(db, "select x from t", NULL, NULL, NULL) == SQLITE_OK);
		CHECK(sqlite3_close(db) == SQLITE_OK);
	}
	CHECK(extended == ROUNDS && reused > 0);
	return 0;
}
