/* The native methods of Hunted.java. */
#include <jni.h>
#include <sqlite3.h>

JNIEXPORT jlong JNICALL Java_Hunted_open(JNIEnv *env, jclass class)
{
	sqlite3 *database = NULL;
	(void)env, (void)class;
	sqlite3_open(":memory:", &database);
	return (jlong)database;
}

JNIEXPORT jlong JNICALL Java_Hunted_prepare(JNIEnv *env, jclass class, jlong database)
{
	sqlite3_stmt *statement = NULL;
	(void)env, (void)class;
	sqlite3_prepare_v2((sqlite3 *)database, "SELECT 1", -1, &statement, NULL);
	return (jlong)statement;
}

JNIEXPORT jboolean JNICALL Java_Hunted_step(JNIEnv *env, jclass class, jlong statement)
{
	(void)env, (void)class;
	return sqlite3_step((sqlite3_stmt *)statement) == SQLITE_ROW;
}

JNIEXPORT void JNICALL Java_Hunted_end(JNIEnv *env, jclass class, jlong statement)
{
	(void)env, (void)class;
	sqlite3_finalize((sqlite3_stmt *)statement);
}
