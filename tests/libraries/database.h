/* A connection to a database in memory, by ODBC. */
#ifndef DATABASE_H
#define DATABASE_H

#include <sql.h>
#include <sqlext.h>

#include "scenario.h"

static inline SQLHANDLE allocate(SQLSMALLINT type, SQLHANDLE from)
{
	SQLHANDLE made;
	CHECK(SQLAllocHandle(type, from, &made) == SQL_SUCCESS);
	return made;
}

static inline SQLHANDLE open_environment(void)
{
	SQLHANDLE env = allocate(SQL_HANDLE_ENV, SQL_NULL_HANDLE);
	CHECK(SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0) == SQL_SUCCESS);
	return env;
}

static inline void connect_to(SQLHANDLE dbc, const char *driver)
{
	char words[512];
	snprintf(words, sizeof words, "Driver=%s;Database=:memory:", driver);
	CHECK(
	    SQL_SUCCEEDED(SQLDriverConnect(dbc, NULL, (SQLCHAR *)words, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT)));
}

static inline SQLHANDLE open_connection(SQLHANDLE env, const char *driver)
{
	SQLHANDLE dbc = allocate(SQL_HANDLE_DBC, env);
	connect_to(dbc, driver);
	return dbc;
}

#endif
