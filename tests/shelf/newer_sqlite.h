/* Functions that SQLite gained after 3.40, the oldest release whose header is audited: (version) the prototype. */
#ifndef NEWER_SQLITE_H
#define NEWER_SQLITE_H

#include <sqlite3.h>

#if SQLITE_VERSION_NUMBER < 3041000
int sqlite3_is_interrupted(sqlite3 *db);
int sqlite3_stmt_scanstatus_v2(sqlite3_stmt *stmt, int index, int what, int flags, void *out);
#endif
#if SQLITE_VERSION_NUMBER < 3043000
int sqlite3_stmt_explain(sqlite3_stmt *stmt, int mode);
#endif
#if SQLITE_VERSION_NUMBER < 3044000
void *sqlite3_get_clientdata(sqlite3 *db, const char *name);
int sqlite3_set_clientdata(sqlite3 *db, const char *name, void *data, void (*destroy)(void *));
int sqlite3changegroup_schema(sqlite3_changegroup *group, sqlite3 *db, const char *schema);
int sqlite3changeset_upgrade(sqlite3 *db, const char *schema, int size, const void *changeset, int *upgraded_size,
                             void **upgraded);
#endif
#if SQLITE_VERSION_NUMBER < 3046000
int sqlite3changegroup_add_change(sqlite3_changegroup *group, sqlite3_changeset_iter *change);
#endif
#if SQLITE_VERSION_NUMBER < 3050000
int sqlite3_setlk_timeout(sqlite3 *db, int ms, int flags);
#endif
#if SQLITE_VERSION_NUMBER < 3051000
int sqlite3_set_errmsg(sqlite3 *db, int code, const char *message);
int sqlite3_db_status64(sqlite3 *db, int what, sqlite3_int64 *current, sqlite3_int64 *highest, int reset);
int sqlite3_carray_bind(sqlite3_stmt *stmt, int index, void *data, int count, int flags, void (*destroy)(void *));
int sqlite3changeset_apply_v3(sqlite3 *db, int size, void *changeset, int (*filter)(void *, sqlite3_changeset_iter *),
                              int (*conflict)(void *, int, sqlite3_changeset_iter *), void *context, void **rebase,
                              int *rebase_size, int flags);
int sqlite3changeset_apply_v3_strm(sqlite3 *db, int (*input)(void *, void *, int *), void *in,
                                   int (*filter)(void *, sqlite3_changeset_iter *),
                                   int (*conflict)(void *, int, sqlite3_changeset_iter *), void *context, void **rebase,
                                   int *rebase_size, int flags);
#endif
#if SQLITE_VERSION_NUMBER < 3053000
int sqlite3_carray_bind_v2(sqlite3_stmt *stmt, int index, void *data, int count, int flags, void (*destroy)(void *),
                           void *destroyed);
void sqlite3_str_free(sqlite3_str *str);
void sqlite3_str_truncate(sqlite3_str *str, int length);
int sqlite3changegroup_config(sqlite3_changegroup *group, int op, void *arg);
int sqlite3changegroup_change_begin(sqlite3_changegroup *group, int op, const char *table, int indirect, char **error);
int sqlite3changegroup_change_int64(sqlite3_changegroup *group, int is_new, int column, sqlite3_int64 value);
int sqlite3changegroup_change_null(sqlite3_changegroup *group, int is_new, int column);
int sqlite3changegroup_change_double(sqlite3_changegroup *group, int is_new, int column, double value);
int sqlite3changegroup_change_text(sqlite3_changegroup *group, int is_new, int column, const char *value, int size);
int sqlite3changegroup_change_blob(sqlite3_changegroup *group, int is_new, int column, const void *value, int size);
int sqlite3changegroup_change_finish(sqlite3_changegroup *group, int discard, char **error);
#endif

#endif
