/* SQLite connections that do not lock for their callers, with a function that stands still. */
#ifndef STATEMENTS_H
#define STATEMENTS_H

#include <sqlite3.h>

#include "caller.h"

typedef void (*destructor)(void *);

static void stand_still_in_statement(sqlite3_context *context, int count, sqlite3_value **values)
{
	(void)count;
	(void)values;
	stand_still(NULL, NULL);
	sqlite3_result_int(context, 1);
}

static inline void add_stand_still(sqlite3 *db)
{
	CHECK(sqlite3_create_function(db, "stand_still", 0, SQLITE_UTF8, NULL, stand_still_in_statement, NULL, NULL) ==
	      SQLITE_OK);
}

static inline sqlite3 *open_unlocked(void)
{
	sqlite3 *db;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	CHECK(sqlite3_open_v2(":memory:", &db, flags, NULL) == SQLITE_OK);
	return db;
}

static inline sqlite3_stmt *prepare(sqlite3 *db, const char *text)
{
	sqlite3_stmt *statement;
	CHECK(sqlite3_prepare_v2(db, text, -1, &statement, NULL) == SQLITE_OK);
	return statement;
}

/* The statement that holds another one, which it finalizes by itself. */
static inline void hold(sqlite3_stmt *holder, sqlite3_stmt *held)
{
	destructor finalize = (destructor)(void (*)(void))sqlite3_finalize;
	CHECK(sqlite3_bind_pointer(holder, 1, held, "statement", finalize) == SQLITE_OK);
}

/* Body of a side. */
static inline void step(void *statement)
{
	CHECK(sqlite3_step(statement) == SQLITE_ROW);
}

#endif
