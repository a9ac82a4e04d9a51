/* A query that ends only when it is interrupted. */
#ifndef ENDLESS_H
#define ENDLESS_H

#include <sqlite3.h>

#include "scenario.h"

#define ENDLESS "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"

static sem_t under_way;

static inline int tell_under_way(void *unused)
{
	(void)unused;
	sem_post(&under_way);
	return 0;
}

static inline sqlite3 *open_database(void)
{
	sqlite3 *db;
	CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK);
	sem_init(&under_way, 0, 0);
	sqlite3_progress_handler(db, 1000, tell_under_way, NULL);
	return db;
}

#endif
