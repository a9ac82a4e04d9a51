/* A database in memory, and statements of it, which the manifest does not know to be prepared. */
#ifndef UNSEEN_H
#define UNSEEN_H

#include <sqlite3.h>

#include "scenario.h"

static inline sqlite3 *database(void)
{
	sqlite3 *db;
	CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
	return db;
}

static inline sqlite3_stmt *prepare(sqlite3 *db, const char *text)
{
	sqlite3_stmt *statement;
	CHECK(sqlite3_prepare_v2(db, text, -1, &statement, NULL) == SQLITE_OK);
	return statement;
}

#endif
