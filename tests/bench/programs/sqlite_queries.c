/* What a query takes in a program that makes many, in us: prepared, bound, stepped through and finalized. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { QUERIES = 4000, ROWS = 10 };

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void check(int right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "sqlite_queries: %s\n", what);
	exit(1);
}

static void query(sqlite3 *database, int from)
{
	sqlite3_stmt *statement;
	int rows = 0;
	check(sqlite3_prepare_v2(database, "SELECT id, word FROM words WHERE id >= ? LIMIT 10", -1, &statement, NULL) ==
	          SQLITE_OK,
	      "cannot prepare");
	sqlite3_bind_int(statement, 1, from);
	while (sqlite3_step(statement) == SQLITE_ROW)
		rows += sqlite3_column_int(statement, 0) >= from && sqlite3_column_text(statement, 1) != NULL;
	check(rows == ROWS && sqlite3_finalize(statement) == SQLITE_OK, "rows are missing");
}

int main(void)
{
	sqlite3 *database;
	check(sqlite3_open(":memory:", &database) == SQLITE_OK &&
	          sqlite3_exec(database,
	                       "CREATE TABLE words (id INTEGER PRIMARY KEY, word TEXT);"
	                       "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000)"
	                       "INSERT INTO words SELECT x, 'word ' || x FROM n",
	                       NULL, NULL, NULL) == SQLITE_OK,
	      "no database");
	for (int i = 0; i < QUERIES / 10; i++)
		query(database, i % 900);
	double begun = now();
	for (int i = 0; i < QUERIES; i++)
		query(database, i % 900);
	printf("%f\n", (now() - begun) / QUERIES);
	return sqlite3_close(database) != SQLITE_OK;
}
