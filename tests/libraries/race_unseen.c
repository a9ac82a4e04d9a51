/* A statement of SQLite is finalized while another thread is in a step of it, which is waited for; and one at an
 * address that was another's before, which nobody has used.
 *
 * finding: late-free statement s; call sqlite3_finalize in finalize on closer; op sqlite3_step in step on stepper;
 *     create sqlite3_step in step on stepper; drained
 * finding: freed-again statement o; call sqlite3_finalize in main; free sqlite3_finalize in use_own<main;
 *     create sqlite3_step in step<use_own
 * recording: handles.statement.adopted=3 handles.statement.freed=3
 */
#include "unseen.h"

static sem_t inside, go_on, done, over;

static void stay(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count, (void)values;
	sem_post(&inside);
	sem_wait(&go_on);
	sqlite3_result_int(context, 1);
}

static void step(void *statement)
{
	CHECK(sqlite3_step(statement) == SQLITE_ROW);
}

/* It stays till the end, and its name with it. */
static void finalize(void *statement)
{
	CHECK(sqlite3_finalize(statement) == SQLITE_OK);
	sem_post(&done);
	sem_wait(&over);
}

/* Its address is what this thread is given next. */
static sqlite3_stmt *use_own(sqlite3 *db)
{
	sqlite3_stmt *statement = prepare(db, "SELECT 1");
	step(statement);
	CHECK(sqlite3_finalize(statement) == SQLITE_OK);
	return statement;
}

int main(void)
{
	struct side stepper, closer;
	sqlite3 *db = database();
	CHECK(sem_init(&inside, 0, 0) == 0 && sem_init(&go_on, 0, 0) == 0);
	CHECK(sem_init(&done, 0, 0) == 0 && sem_init(&over, 0, 0) == 0);
	CHECK(sqlite3_create_function(db, "stay", 0, SQLITE_UTF8, NULL, stay, NULL, NULL) == SQLITE_OK);
	sqlite3_stmt *statement = prepare(db, "SELECT stay()");
	tell("s", statement);
	start(&stepper, "stepper", step, statement);
	sem_wait(&inside);
	start(&closer, "closer", finalize, statement);
	await_drain(&closer);
	sem_post(&go_on);
	join(&stepper);
	sem_wait(&done);
	sqlite3_stmt *own = use_own(db);
	tell("o", own);
	CHECK(prepare(db, "SELECT 1") == own);
	CHECK(sqlite3_finalize(own) == SQLITE_OK);
	sem_post(&over);
	join(&closer);
	CHECK(sqlite3_close(db) == SQLITE_OK);
	return 0;
}
