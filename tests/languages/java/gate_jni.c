/* The native methods of Gate.java. */
#include <jni.h>

#include "gate.h"

JNIEXPORT jlong JNICALL Java_Gate_open(JNIEnv *env, jclass class)
{
	(void)env, (void)class;
	return (jlong)gate_open();
}

JNIEXPORT jint JNICALL Java_Gate_await(JNIEnv *env, jclass class, jlong g)
{
	(void)env, (void)class;
	return gate_wait((gate *)g);
}

JNIEXPORT void JNICALL Java_Gate_close(JNIEnv *env, jclass class, jlong g)
{
	(void)env, (void)class;
	gate_close((gate *)g);
}

JNIEXPORT void JNICALL Java_Gate_awaitParked(JNIEnv *env, jclass class, jlong g)
{
	(void)env, (void)class;
	gate_await_parked((gate *)g, 1);
}

JNIEXPORT void JNICALL Java_Gate_letGo(JNIEnv *env, jclass class, jlong g)
{
	(void)env, (void)class;
	gate_let_go((gate *)g);
}
