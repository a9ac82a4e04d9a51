/* Late calls and repeated frees, of the class that the type says, and of a statement that went with its connection's
 * disconnect.
 *
 * finding: late-op stmt s; call SQLFetch in main; free SQLFreeHandle in main;
 *     create SQLAllocHandle in allocate
 * finding: repeat-free stmt s; call SQLFreeHandle in main; free SQLFreeHandle in main;
 *     create SQLAllocHandle in allocate
 * finding: late-op stmt t; call SQLFetch in main; free SQLDisconnect in main; create SQLAllocHandle in allocate
 * finding: late-op dbc d; call SQLAllocHandle in main; free SQLFreeHandle in main;
 *     create SQLAllocHandle in allocate
 * recording: handles.env.live=0 handles.dbc.live=0 handles.stmt.live=0
 */
#include "database.h"

int main(void)
{
	SQLHANDLE env = open_environment(), dbc = open_connection(env, DRIVER), stmt = allocate(SQL_HANDLE_STMT, dbc);
	SQLHANDLE other, left = allocate(SQL_HANDLE_STMT, dbc);
	tell("t", left);
	tell("d", dbc);
	tell("s", stmt);
	CHECK(SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS);
	CHECK(SQLFetch(stmt) == SQL_INVALID_HANDLE);
	CHECK(SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_INVALID_HANDLE);
	CHECK(SQLDisconnect(dbc) == SQL_SUCCESS);
	CHECK(SQLFetch(left) == SQL_INVALID_HANDLE);
	CHECK(SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS);
	CHECK(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &other) == SQL_INVALID_HANDLE);
	CHECK(SQLFreeHandle(SQL_HANDLE_ENV, env) == SQL_SUCCESS);
	return 0;
}
