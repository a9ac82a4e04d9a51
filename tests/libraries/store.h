/* An environment of LMDB in a folder of its own, which goes with it. */
#ifndef STORE_H
#define STORE_H

#include <lmdb.h>

#include "scenario.h"

static inline MDB_env *open_store(char *folder)
{
	MDB_env *env;
	CHECK(mkdtemp(folder));
	CHECK(mdb_env_create(&env) == 0);
	CHECK(mdb_env_open(env, folder, 0, 0600) == 0);
	return env;
}

static inline void remove_store(const char *folder)
{
	char path[64];
	static const char *const files[] = {"data.mdb", "lock.mdb"};
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, "%s/%s", folder, files[i]);
		unlink(path);
	}
	rmdir(folder);
}

static inline MDB_txn *begin(MDB_env *env)
{
	MDB_txn *txn;
	CHECK(mdb_txn_begin(env, NULL, 0, &txn) == 0);
	return txn;
}

static inline MDB_txn *begin_to_read(MDB_env *env)
{
	MDB_txn *txn;
	CHECK(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn) == 0);
	return txn;
}

static inline MDB_val text(const char *word)
{
	return (MDB_val){strlen(word), (void *)word};
}

#endif
