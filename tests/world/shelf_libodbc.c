/* Usage: world_libodbc quiet|race
 * A database of SQLite in memory, by its driver. `quiet` asks on several threads, each by a connection of its own,
 * frees in the order that is asked for and tries others, which are refused, and leaves statements to a disconnect.
 * `race` frees handles on one thread that others go on using. */
#include <sql.h>
#include <sqlext.h>

#include "quiet.h"

static SQLHANDLE allocate(SQLSMALLINT type, SQLHANDLE from)
{
	SQLHANDLE made;

	MUST(SQLAllocHandle(type, from, &made) == SQL_SUCCESS);
	return made;
}

static SQLHENV open_environment(void)
{
	SQLHENV env = allocate(SQL_HANDLE_ENV, SQL_NULL_HANDLE);

	MUST(SQLSetEnvAttr(env, SQL_ATTR_ODBC_VERSION, (SQLPOINTER)SQL_OV_ODBC3, 0) == SQL_SUCCESS);
	return env;
}

static void connect_to_database(SQLHDBC dbc)
{
	char words[] = "Driver=" DRIVER ";Database=:memory:";

	MUST(SQL_SUCCEEDED(SQLDriverConnect(dbc, NULL, (SQLCHAR *)words, SQL_NTS, NULL, 0, NULL, SQL_DRIVER_NOPROMPT)));
}

static SQLRETURN ask(SQLHSTMT stmt)
{
	return SQLExecDirect(stmt, (SQLCHAR *)"SELECT 42", SQL_NTS);
}

/* ---- What is allowed ---- */

static void use_statement(SQLHDBC dbc)
{
	SQLCHAR state[6];
	SQLSMALLINT columns;
	SQLINTEGER answer = 0;
	SQLHSTMT stmt = allocate(SQL_HANDLE_STMT, dbc);

	MUST(ask(stmt) == SQL_SUCCESS && SQLNumResultCols(stmt, &columns) == SQL_SUCCESS && columns == 1);
	MUST(SQLFetch(stmt) == SQL_SUCCESS && SQLFetch(stmt) == SQL_NO_DATA && SQLCloseCursor(stmt) == SQL_SUCCESS);
	MUST(SQLPrepare(stmt, (SQLCHAR *)"SELECT 43", SQL_NTS) == SQL_SUCCESS && SQLExecute(stmt) == SQL_SUCCESS);
	MUST(SQLFetch(stmt) == SQL_SUCCESS);
	MUST(SQLGetData(stmt, 1, SQL_C_SLONG, &answer, 0, NULL) == SQL_SUCCESS && answer == 43);
	MUST(SQLFreeStmt(stmt, SQL_CLOSE) == SQL_SUCCESS);
	MUST(SQLExecDirect(stmt, (SQLCHAR *)"nonsense", SQL_NTS) == SQL_ERROR);
	MUST(SQLGetDiagRec(SQL_HANDLE_STMT, stmt, 1, state, NULL, NULL, 0, NULL) >= 0);
	MUST(SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_ERROR); /* is connected */
	MUST(SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS);
}

static void *use_connection(void *env)
{
	for (int i = 0; i < 10; i++) {
		SQLHDBC dbc = allocate(SQL_HANDLE_DBC, env);
		connect_to_database(dbc);
		use_statement(dbc);
		MUST(SQLEndTran(SQL_HANDLE_DBC, dbc, SQL_COMMIT) == SQL_SUCCESS);
		allocate(SQL_HANDLE_STMT, dbc); /* goes with the disconnect */
		MUST(SQLDisconnect(dbc) == SQL_SUCCESS);
		connect_to_database(dbc);
		MUST(SQLDisconnect(dbc) == SQL_SUCCESS && SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS);
	}
	return NULL;
}

static void quiet(void)
{
	SQLHENV env = open_environment();
	SQLHDBC dbc = allocate(SQL_HANDLE_DBC, env);
	pthread_t threads[] = {start(use_connection, env), start(use_connection, env)};

	join(threads[0]);
	join(threads[1]);
	MUST(SQLFreeHandle(SQL_HANDLE_ENV, env) == SQL_ERROR); /* has a connection */
	MUST(SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS && SQLFreeHandle(SQL_HANDLE_ENV, env) == SQL_SUCCESS);
}

/* ---- What is not ---- */

static void *use_late(void *stmt)
{
	MUST(SQLFetch(stmt) == SQL_INVALID_HANDLE);
	MUST(SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_INVALID_HANDLE);
	return NULL;
}

static void race(void)
{
	SQLHANDLE other;
	SQLHENV env = open_environment();
	SQLHDBC dbc = allocate(SQL_HANDLE_DBC, env);

	connect_to_database(dbc);
	SQLHSTMT stmt = allocate(SQL_HANDLE_STMT, dbc), left = allocate(SQL_HANDLE_STMT, dbc);
	MUST(ask(stmt) == SQL_SUCCESS && SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS);
	join(start(use_late, stmt));
	MUST(SQLDisconnect(dbc) == SQL_SUCCESS);
	MUST(ask(left) == SQL_INVALID_HANDLE);
	MUST(SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS);
	MUST(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &other) == SQL_INVALID_HANDLE);
	MUST(SQLFreeHandle(SQL_HANDLE_ENV, env) == SQL_SUCCESS);
	MUST(SQLEndTran(SQL_HANDLE_ENV, env, SQL_COMMIT) == SQL_INVALID_HANDLE);
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(argv[1][0] == 'q' ? quiet : race)();
	return 0;
}
