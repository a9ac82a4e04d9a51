/* Every wrong thing to do with a SQLite handle that is gone, and what the guard must answer in the library's place.
 * Only to be run guarded: unguarded each of these is a use after free. */
#include <sqlite3.h>
#include <string.h>

#include "quiet.h"

static sqlite3 *db;

/* A value that no out-argument may still have after a call that was rejected. */
#define STALE ((void *)0x5a5a5a5a)

static void late_statement(void)
{
	sqlite3_stmt *gone;
	MUST(sqlite3_prepare_v2(db, "SELECT 42, 1.5, 'text', x'00'", -1, &gone, NULL) == SQLITE_OK);
	MUST(sqlite3_step(gone) == SQLITE_ROW);
	MUST(sqlite3_finalize(gone) == SQLITE_OK);
	MUST(sqlite3_step(gone) == SQLITE_MISUSE && sqlite3_reset(gone) == SQLITE_MISUSE);
	MUST(sqlite3_bind_int(gone, 1, 1) == SQLITE_MISUSE && sqlite3_bind_double(gone, 1, 2.5) == SQLITE_MISUSE);
	MUST(sqlite3_bind_text(gone, 1, "x", 1, SQLITE_STATIC) == SQLITE_MISUSE);
	MUST(sqlite3_column_count(gone) == 0 && sqlite3_data_count(gone) == 0);
	MUST(sqlite3_column_type(gone, 0) == SQLITE_NULL);
	MUST(sqlite3_column_int(gone, 0) == 0 && sqlite3_column_int64(gone, 0) == 0 &&
	     sqlite3_column_bytes(gone, 2) == 0);
	MUST(sqlite3_column_double(gone, 1) == 0.0);
	MUST(!sqlite3_column_text(gone, 2) && !sqlite3_column_blob(gone, 3) && !sqlite3_column_value(gone, 0));
	MUST(!sqlite3_column_name(gone, 0) && !sqlite3_sql(gone) && !sqlite3_expanded_sql(gone) &&
	     !sqlite3_db_handle(gone));
	MUST(sqlite3_stmt_readonly(gone) == 1 && sqlite3_stmt_busy(gone) == 0);
	MUST(sqlite3_finalize(gone) == SQLITE_OK);
}

static void late_connection(void)
{
	sqlite3 *gone;
	sqlite3_stmt *statement = STALE;
	sqlite3_blob *blob = STALE;
	char *error = STALE, **table = STALE;
	int rows = -1, columns = -1, in_log = -1, done = -1;
	const char *tail = STALE;
	MUST(sqlite3_open(":memory:", &gone) == SQLITE_OK && sqlite3_close(gone) == SQLITE_OK);
	MUST(sqlite3_exec(gone, "SELECT 1", NULL, NULL, &error) == SQLITE_MISUSE && !error);
	MUST(sqlite3_prepare_v3(gone, "SELECT 1", -1, 0, &statement, &tail) == SQLITE_MISUSE && !statement && !tail);
	MUST(sqlite3_blob_open(gone, "main", "t", "x", 1, 0, &blob) == SQLITE_MISUSE && !blob);
	error = STALE;
	MUST(sqlite3_get_table(gone, "SELECT 1", &table, &rows, &columns, &error) == SQLITE_MISUSE);
	MUST(!table && !rows && !columns && !error);
	MUST(sqlite3_wal_checkpoint_v2(gone, NULL, 0, &in_log, &done) == SQLITE_MISUSE && !in_log && !done);
	MUST(sqlite3_errcode(gone) == SQLITE_MISUSE && sqlite3_error_offset(gone) == -1 &&
	     !strcmp(sqlite3_errmsg(gone), "this connection is closed"));
	MUST(sqlite3_changes(gone) == 0 && sqlite3_last_insert_rowid(gone) == 0);
	MUST(sqlite3_limit(gone, SQLITE_LIMIT_LENGTH, -1) == -1 && sqlite3_db_readonly(gone, "main") == -1);
	MUST(sqlite3_get_autocommit(gone) == 1 && sqlite3_txn_state(gone, NULL) == -1);
	MUST(sqlite3_db_config(gone, SQLITE_DBCONFIG_ENABLE_FKEY, 1, &rows) == SQLITE_MISUSE);
	MUST(sqlite3_create_function_v2(gone, "f", 0, SQLITE_UTF8, NULL, NULL, NULL, NULL, NULL) == SQLITE_MISUSE);
	MUST(!sqlite3_commit_hook(gone, NULL, NULL) && !sqlite3_backup_init(db, "main", gone, "main"));
	sqlite3_interrupt(gone);
	MUST(sqlite3_close(gone) == SQLITE_OK && sqlite3_close_v2(gone) == SQLITE_OK);
}

static void late_blob(void)
{
	sqlite3_blob *gone;
	char byte;
	MUST(sqlite3_exec(db, "CREATE TABLE t(x); INSERT INTO t VALUES(zeroblob(9))", NULL, NULL, NULL) == SQLITE_OK);
	MUST(sqlite3_blob_open(db, "main", "t", "x", 1, 0, &gone) == SQLITE_OK &&
	     sqlite3_blob_close(gone) == SQLITE_OK);
	MUST(sqlite3_blob_read(gone, &byte, 1, 0) == SQLITE_MISUSE && sqlite3_blob_bytes(gone) == 0);
	MUST(sqlite3_blob_close(gone) == SQLITE_OK);
}

static void late_string(void)
{
	sqlite3_str *gone = sqlite3_str_new(NULL);
	sqlite3_str_appendall(gone, "text");
	sqlite3_free(sqlite3_str_finish(gone));
	sqlite3_str_appendf(gone, "%d", 1);
	MUST(sqlite3_str_length(gone) == 0 && sqlite3_str_errcode(gone) == SQLITE_MISUSE && !sqlite3_str_value(gone));
	MUST(!sqlite3_str_finish(gone));
}

static void late_session(void)
{
	sqlite3_session *gone;
	void *changes = STALE;
	int size = -1;
	MUST(sqlite3session_create(db, "main", &gone) == SQLITE_OK);
	sqlite3session_delete(gone);
	MUST(sqlite3session_changeset(gone, &size, &changes) == SQLITE_MISUSE && !size && !changes);
	MUST(sqlite3session_isempty(gone) == 1);
	sqlite3session_delete(gone);
}

int main(void)
{
	MUST(sqlite3_open(":memory:", &db) == SQLITE_OK);
	late_statement();
	late_connection();
	late_blob();
	late_string();
	late_session();
	MUST(sqlite3_close(db) == SQLITE_OK);
	puts("every late call got its answer");
	return 0;
}
