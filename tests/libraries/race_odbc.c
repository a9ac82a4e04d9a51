/* Late calls and repeated frees, of the class that the type says.
 *
 * finding: late-op stmt s; call SQLFetch in main; free SQLFreeHandle in main;
 *     create SQLAllocHandle in allocate
 * finding: repeat-free stmt s; call SQLFreeHandle in main; free SQLFreeHandle in main;
 *     create SQLAllocHandle in allocate
 * finding: late-op dbc d; call SQLAllocHandle in main; free SQLFreeHandle in main;
 *     create SQLAllocHandle in allocate
 * recording: handles.env.live=0 handles.dbc.live=0 handles.stmt.live=0
 */
#include "database.h"

int main(void)
{
	SQLHANDLE env = open_environment(), dbc = open_connection(env, DRIVER), stmt = allocate(SQL_HANDLE_STMT, dbc);
	SQLHANDLE other;
	tell("d", dbc);
	tell("s", stmt);
	CHECK(SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_SUCCESS);
	CHECK(SQLFetch(stmt) == SQL_INVALID_HANDLE);
	CHECK(SQLFreeHandle(SQL_HANDLE_STMT, stmt) == SQL_INVALID_HANDLE);
	CHECK(SQLDisconnect(dbc) == SQL_SUCCESS);
	CHECK(SQLFreeHandle(SQL_HANDLE_DBC, dbc) == SQL_SUCCESS);
	CHECK(SQLAllocHandle(SQL_HANDLE_STMT, dbc, &other) == SQL_INVALID_HANDLE);
	CHECK(SQLFreeHandle(SQL_HANDLE_ENV, env) == SQL_SUCCESS);
	return 0;
}
