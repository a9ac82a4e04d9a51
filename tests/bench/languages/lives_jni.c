/* The native methods of Lives.java. */
#include "Lives.h"
#include "target.h"

JNIEXPORT jlong JNICALL Java_Lives_open(JNIEnv *env, jclass class)
{
	(void)env, (void)class;
	return (jlong)target_open();
}

JNIEXPORT void JNICALL Java_Lives_free(JNIEnv *env, jclass class, jlong target)
{
	(void)env, (void)class;
	target_free((struct target *)target);
}

JNIEXPORT void JNICALL Java_Lives_await(JNIEnv *env, jclass class, jlong target)
{
	(void)env, (void)class;
	target_wait((struct target *)target);
}

JNIEXPORT jint JNICALL Java_Lives_waiting(JNIEnv *env, jclass class)
{
	(void)env, (void)class;
	return (jint)target_waiting();
}

JNIEXPORT void JNICALL Java_Lives_openGate(JNIEnv *env, jclass class)
{
	(void)env, (void)class;
	target_open_gate();
}
