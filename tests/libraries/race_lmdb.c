/* A transaction is aborted while another thread is in the middle of a look-up in it; its cursor is used after it was
 * committed; the environment is closed under a transaction.
 *
 * finding: late-free txn t; call mdb_txn_abort in abort_while_reading; op mdb_get in look_up on reader;
 *     create mdb_txn_begin in begin; drained
 * finding: late-op cursor c; call mdb_cursor_get in use_after_commit; free mdb_txn_commit in use_after_commit;
 *     create mdb_cursor_open in use_after_commit
 * finding: repeat-free txn u g2; call mdb_txn_abort in use_after_commit; free mdb_txn_commit in use_after_commit;
 *     create mdb_txn_begin in begin
 * finding: orphan env e; call mdb_env_close in main; create mdb_env_create in open_store; alive mdb_txn_begin in begin
 * finding: orphan txn v g3; call mdb_txn_abort in main; free mdb_env_close in main; create mdb_txn_begin in begin
 * recording: handles.env.freed=1 handles.txn.freed=2 handles.txn.leaked=1 handles.cursor.freed=1
 */
#include "store.h"

static MDB_dbi dbi;
static sem_t inside, go_on;

/* Stands still in the first comparison. */
static int compare(const MDB_val *one, const MDB_val *other)
{
	static bool stood;
	if (!stood) {
		stood = true;
		sem_post(&inside);
		sem_wait(&go_on);
	}
	return memcmp(one->mv_data, other->mv_data, 3);
}

static void look_up(void *txn)
{
	MDB_val key = text("key"), found;
	CHECK(mdb_get(txn, dbi, &key, &found) == 0);
}

static void let_go_when_waited_for(void *main_thread)
{
	await_drain(main_thread);
	sem_post(&go_on);
}

static void abort_while_reading(MDB_env *env)
{
	struct side reader, helper, self = {.tid = gettid()};
	MDB_val key = text("key"), value = text("value");
	MDB_txn *txn = begin(env);
	tell("t", txn);
	CHECK(mdb_dbi_open(txn, NULL, 0, &dbi) == 0);
	CHECK(mdb_put(txn, dbi, &key, &value, 0) == 0);
	CHECK(mdb_set_compare(txn, dbi, compare) == 0);
	start(&reader, "reader", look_up, txn);
	sem_wait(&inside);
	/* Only the thread that began it may end it. */
	start(&helper, "helper", let_go_when_waited_for, &self);
	mdb_txn_abort(txn);
	join(&reader);
	join(&helper);
}

static void use_after_commit(MDB_env *env)
{
	MDB_txn *txn = begin(env);
	MDB_cursor *cursor;
	MDB_val key, found;
	tell("u", txn);
	CHECK(mdb_dbi_open(txn, NULL, 0, &dbi) == 0);
	CHECK(mdb_cursor_open(txn, dbi, &cursor) == 0);
	tell("c", cursor);
	CHECK(mdb_txn_commit(txn) == 0);
	CHECK(mdb_cursor_get(cursor, &key, &found, MDB_FIRST) == EINVAL);
	mdb_txn_abort(txn);
}

int main(void)
{
	char folder[] = "/tmp/handleguard-lmdb-XXXXXX";
	MDB_env *env = open_store(folder);
	tell("e", env);
	sem_init(&inside, 0, 0);
	sem_init(&go_on, 0, 0);
	abort_while_reading(env);
	use_after_commit(env);
	MDB_txn *txn = begin(env);
	tell("v", txn);
	mdb_env_close(env);
	mdb_txn_abort(txn);
	remove_store(folder);
	return 0;
}
