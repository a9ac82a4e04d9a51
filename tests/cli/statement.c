/* statement [twice]: prepares a statement of SQLite, steps it and finalizes it; `twice` finalizes it again, which the
 * guard rejects. */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	sqlite3 *database = NULL;
	sqlite3_stmt *statement = NULL;

	if (sqlite3_open(":memory:", &database) != SQLITE_OK)
		return 3;
	if (sqlite3_prepare_v2(database, "SELECT 1", -1, &statement, NULL) != SQLITE_OK)
		return 4;
	if (sqlite3_step(statement) != SQLITE_ROW)
		return 5;
	sqlite3_finalize(statement);
	if (argc > 1 && strcmp(argv[1], "twice") == 0)
		sqlite3_finalize(statement);
	if (sqlite3_close(database) != SQLITE_OK)
		return 6;
	puts("done");
	return 0;
}
