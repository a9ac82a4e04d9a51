/* Transactions that are committed and aborted, one with its cursor still open, one after it was closed; and a cursor
 * that goes from one transaction that only reads to the next, and outlives that one too.
 *
 * recording: handles.env.freed=1 handles.txn.created=5 handles.txn.freed=5 handles.cursor.created=3
 * handles.cursor.freed=3 handles.cursor.live=0
 */
#include "store.h"

static void write_words(MDB_env *env, MDB_dbi *dbi)
{
	MDB_txn *txn = begin(env);
	MDB_cursor *cursor;
	MDB_val key = text("key"), value = text("value"), found;
	CHECK(mdb_dbi_open(txn, NULL, 0, dbi) == 0);
	CHECK(mdb_put(txn, *dbi, &key, &value, 0) == 0);
	CHECK(mdb_cursor_open(txn, *dbi, &cursor) == 0);
	CHECK(mdb_cursor_get(cursor, &key, &found, MDB_FIRST) == 0 && found.mv_size == value.mv_size);
	CHECK(mdb_txn_commit(txn) == 0);
}

static void read_words(MDB_env *env, MDB_dbi dbi)
{
	MDB_txn *txn = begin(env);
	MDB_cursor *cursor;
	MDB_val key = text("key"), found;
	CHECK(mdb_get(txn, dbi, &key, &found) == 0 && memcmp(found.mv_data, "value", 5) == 0);
	CHECK(mdb_cursor_open(txn, dbi, &cursor) == 0);
	CHECK(mdb_cursor_get(cursor, &key, &found, MDB_LAST) == 0);
	mdb_cursor_close(cursor);
	mdb_txn_abort(txn);
}

static void renew(MDB_env *env, MDB_dbi dbi)
{
	MDB_txn *first = begin_to_read(env);
	MDB_cursor *cursor;
	MDB_val key = text("key"), found;
	CHECK(mdb_cursor_open(first, dbi, &cursor) == 0);
	mdb_txn_abort(first);
	MDB_txn *next = begin_to_read(env);
	CHECK(mdb_cursor_renew(next, cursor) == 0);
	CHECK(mdb_cursor_get(cursor, &key, &found, MDB_LAST) == 0);
	mdb_txn_abort(next);
	mdb_cursor_close(cursor);
}

int main(void)
{
	char folder[] = "/tmp/handleguard-lmdb-XXXXXX";
	MDB_env *env = open_store(folder);
	MDB_dbi dbi;
	write_words(env, &dbi);
	read_words(env, dbi);
	mdb_txn_abort(begin(env));
	renew(env, dbi);
	mdb_env_close(env);
	remove_store(folder);
	return 0;
}
