/* Handles of three types, made and freed by the same two functions; what is refused while there are others is asked for
 * again when they are gone.
 *
 * A disconnect ends the statements that are left, and keeps the connection, which can be connected again.
 *
 * recording: handles.env.created=1 handles.env.freed=1 handles.dbc.created=1 handles.dbc.freed=1 handles.stmt.created=4
 *     handles.stmt.freed=4
 */
#include "database.h"

int main(void)
{
	SQLHANDLE env = open_environment(), dbc = open_connection(env, DRIVER), stmt = allocate(SQL_HANDLE_STMT, dbc);
	SQLINTEGER answer = 0;
	CHECK(SQLExecDirect(stmt, (SQLCHAR *)"SELECT 42", SQL_NTS) == SQL_SUCCESS);
	CHECK(SQLFetch(stmt) == SQL_SUCCESS);
	CHECK(SQLGetData(stmt, 1, SQL_C_SLONG, &answer, 0, NULL) == SQL_SUCCESS && answer == 42);
	CHECK(SQLFreeHandle(SQL_HANDLE_ENV, env) == SQL_ERROR);
	CHECK(SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_ERROR);
	CHECK(SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS);
	for (int i = 0; i < 3; i++)
		allocate(SQL_HANDLE_STMT, dbc);
	CHECK(SQLDisconnect(dbc) == SQL_SUCCESS);
	connect_to(dbc, DRIVER);
	CHECK(SQLDisconnect(dbc) == SQL_SUCCESS);
	CHECK(SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS);
	CHECK(SQLFreeHandle(SQL_HANDLE_ENV, env) == SQL_SUCCESS);
	return 0;
}
