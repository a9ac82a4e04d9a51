/* An extension of SQLite: count_rows(QUERY) says how many rows a query has, and late_rows() does with a dead statement
 * what must not be done. All that it knows of SQLite is the table that it is given. */
#include <sqlite3ext.h>
#include <stddef.h>
SQLITE_EXTENSION_INIT1

static void count_rows(sqlite3_context *context, int count, sqlite3_value **values)
{
	sqlite3_stmt *query = NULL;
	int rows = 0;
	(void)count;
	if (sqlite3_prepare_v2(sqlite3_context_db_handle(context), (const char *)sqlite3_value_text(values[0]), -1,
	                       &query, NULL) != SQLITE_OK) {
		sqlite3_result_error(context, "no query", -1);
		return;
	}
	while (sqlite3_step(query) == SQLITE_ROW)
		rows++;
	sqlite3_finalize(query);
	sqlite3_result_int(context, rows);
}

static void late_rows(sqlite3_context *context, int count, sqlite3_value **values)
{
	sqlite3_stmt *query = NULL;
	(void)count, (void)values;
	sqlite3_prepare_v2(sqlite3_context_db_handle(context), "SELECT 1", -1, &query, NULL);
	sqlite3_finalize(query);
	sqlite3_result_int(context, sqlite3_step(query));
}

int sqlite3_counting_init(sqlite3 *db, char **message, const sqlite3_api_routines *api);

int sqlite3_counting_init(sqlite3 *db, char **message, const sqlite3_api_routines *api)
{
	SQLITE_EXTENSION_INIT2(api);
	(void)message;
	sqlite3_create_function(db, "late_rows", 0, SQLITE_UTF8, NULL, late_rows, NULL, NULL);
	return sqlite3_create_function(db, "count_rows", 1, SQLITE_UTF8, NULL, count_rows, NULL, NULL);
}
