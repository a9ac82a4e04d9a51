/* Usage: world_liblmdb quiet|race
 * `quiet` writes and reads a store from several threads, with cursors that end with their transactions and one that
 * outlives them. `race` aborts a transaction while another thread looks something up in it, uses it and its cursor
 * afterwards, closes a store under a transaction, and in a child that was forked. */
#include <errno.h>
#include <lmdb.h>
#include <semaphore.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quiet.h"

static MDB_dbi words;

static MDB_val word(const char *it)
{
	return (MDB_val){strlen(it), (void *)it};
}

static MDB_txn *begin(MDB_env *env, unsigned flags)
{
	MDB_txn *txn;

	MUST(mdb_txn_begin(env, NULL, flags, &txn) == 0);
	return txn;
}

static MDB_cursor *cursor_of(MDB_txn *txn)
{
	MDB_cursor *cursor;

	MUST(mdb_cursor_open(txn, words, &cursor) == 0);
	return cursor;
}

static void put(MDB_txn *txn, const char *key)
{
	MDB_val name = word(key), value = word("value");

	MUST(mdb_put(txn, words, &name, &value, 0) == 0);
}

static MDB_env *open_store(char *folder)
{
	MDB_env *env;

	MUST(mkdtemp(folder) && mdb_env_create(&env) == 0);
	MUST(mdb_env_open(env, folder, MDB_NOTLS | MDB_NOSYNC, 0600) == 0);
	MDB_txn *txn = begin(env, 0);
	MUST(mdb_dbi_open(txn, NULL, 0, &words) == 0);
	put(txn, "a");
	put(txn, "b");
	MUST(mdb_txn_commit(txn) == 0);
	return env;
}

static void remove_store(const char *folder)
{
	static const char *const files[] = {"data.mdb", "lock.mdb"};

	for (int i = 0; i < 2; i++) {
		char path[64];
		snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
		unlink(path);
	}
	MUST(rmdir(folder) == 0);
}

/* ---- What is allowed ---- */

static void write_words(MDB_env *env)
{
	MDB_val key, value;
	MDB_txn *txn = begin(env, MDB_NOSYNC), *inner;
	MDB_cursor *closed = cursor_of(txn), *left = cursor_of(txn);

	MUST(mdb_cursor_get(closed, &key, &value, MDB_FIRST) == 0 && mdb_cursor_get(left, &key, &value, MDB_LAST) == 0);
	mdb_cursor_close(closed);
	MUST(mdb_txn_begin(env, txn, 0, &inner) == 0);
	put(inner, "c");
	mdb_txn_abort(inner);
	put(txn, "d");
	MUST(mdb_txn_commit(txn) == 0); /* the other cursor goes with it */
}

static void read_words(MDB_env *env)
{
	MDB_val key = word("b"), value;
	MDB_txn *first = begin(env, MDB_RDONLY);
	MDB_cursor *cursor = cursor_of(first);

	MUST(mdb_get(first, words, &key, &value) == 0 && value.mv_size == 5);
	mdb_txn_reset(first);
	MUST(mdb_txn_renew(first) == 0);
	mdb_txn_abort(first);
	MDB_txn *next = begin(env, MDB_RDONLY);
	MUST(mdb_cursor_renew(next, cursor) == 0 && mdb_cursor_get(cursor, &key, &value, MDB_FIRST) == 0);
	MUST(mdb_txn_commit(next) == 0);
	mdb_cursor_close(cursor);
}

static void *use_store(void *env)
{
	for (int i = 0; i < 50; i++) {
		write_words(env);
		read_words(env);
	}
	return NULL;
}

static void quiet(void)
{
	char folder[] = "/tmp/handleguard-lmdb-XXXXXX";
	MDB_env *env = open_store(folder), *unopened;
	pthread_t threads[] = {start(use_store, env), start(use_store, env)};

	MUST(mdb_env_create(&unopened) == 0 && mdb_env_open(unopened, "/nowhere", 0, 0600) != 0);
	mdb_env_close(unopened);
	join(threads[0]);
	join(threads[1]);
	mdb_env_close(env);
	remove_store(folder);
}

/* ---- What is not ---- */

static sem_t is_inside, may_go_on;
static atomic_bool waits;

static int wait_and_compare(const MDB_val *one, const MDB_val *other)
{
	if (waits) {
		waits = 0;
		sem_post(&is_inside);
		sem_wait(&may_go_on);
	}
	return memcmp(one->mv_data, other->mv_data, 1);
}

static void *look_up(void *txn)
{
	MDB_val key = word("b"), value;

	mdb_get(txn, words, &key, &value);
	return NULL;
}

static void abort_under_a_look_up(MDB_env *env)
{
	MDB_val key, value;
	MDB_txn *txn = begin(env, MDB_RDONLY);
	MDB_cursor *cursor = cursor_of(txn);

	MUST(mdb_set_compare(txn, words, wait_and_compare) == 0);
	waits = 1;
	pthread_t thread = start(look_up, txn);
	sem_wait(&is_inside);
	MUST(mdb_txn_id(txn) != 0); /* two threads in one transaction */
	mdb_txn_abort(txn);         /* gives up at the deadline */
	MUST(mdb_txn_renew(txn) == EINVAL);
	sem_post(&may_go_on);
	join(thread);
	mdb_cursor_close(cursor);
	MUST(mdb_cursor_get(cursor, &key, &value, MDB_FIRST) == EINVAL);
}

static void use_a_cursor_after_its_transaction(MDB_env *env)
{
	MDB_val key, value;
	MDB_txn *txn = begin(env, 0);
	MDB_cursor *cursor = cursor_of(txn);

	MUST(mdb_txn_commit(txn) == 0);
	MUST(mdb_cursor_get(cursor, &key, &value, MDB_LAST) == EINVAL);
	mdb_txn_abort(txn);
}

static void close_in_child(MDB_env *env)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		mdb_env_close(env); /* its parent's */
		_exit(0);
	}
	MUST(waitpid(child, &status, 0) == child && status == 0);
}

static void race(void)
{
	char folder[] = "/tmp/handleguard-lmdb-XXXXXX";
	MDB_env *env = open_store(folder);

	MUST(sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	abort_under_a_look_up(env);
	use_a_cursor_after_its_transaction(env);
	close_in_child(env);
	MDB_txn *txn = begin(env, MDB_RDONLY);
	mdb_env_close(env);
	MUST(mdb_txn_id(txn) == 0);
	mdb_txn_abort(txn);
	remove_store(folder);
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
