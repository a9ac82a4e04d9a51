/* The native methods of Gate.java. */
#include <jni.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

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

struct callback {
	JNIEnv *env;
	jobject runnable;
};

static void run(void *argument)
{
	struct callback *callback = argument;
	JNIEnv *env = callback->env;
	jclass class = (*env)->GetObjectClass(env, callback->runnable);
	(*env)->CallVoidMethod(env, callback->runnable, (*env)->GetMethodID(env, class, "run", "()V"));
}

JNIEXPORT jint JNICALL Java_Gate_call(JNIEnv *env, jclass class, jlong g, jobject runnable)
{
	(void)class;
	return gate_call((gate *)g, run, &(struct callback){env, runnable});
}

JNIEXPORT void JNICALL Java_Gate_closeAndThrow(JNIEnv *env, jclass class, jlong g)
{
	(void)class;
	(*env)->ThrowNew(env, (*env)->FindClass(env, "java/lang/IllegalStateException"), "closing");
	gate_close((gate *)g);
}

JNIEXPORT void JNICALL Java_Gate_closeInside(JNIEnv *env, jclass class, jbyteArray bytes, jlong g)
{
	(void)class;
	void *at = (*env)->GetPrimitiveArrayCritical(env, bytes, NULL);
	gate_close((gate *)g);
	(*env)->ReleasePrimitiveArrayCritical(env, bytes, at, 0);
}

static gate *to_close;

static void handle(int signal)
{
	(void)signal;
	gate_close(to_close);
}

JNIEXPORT void JNICALL Java_Gate_closeInHandler(JNIEnv *env, jclass class, jlong g)
{
	(void)env, (void)class;
	to_close = (gate *)g;
	sigaction(SIGRTMAX, &(struct sigaction){.sa_handler = handle}, NULL);
	raise(SIGRTMAX);
}

JNIEXPORT jboolean JNICALL Java_Gate_useInChild(JNIEnv *env, jclass class)
{
	(void)env, (void)class;
	int status = 1;
	pid_t child = fork();
	if (child == 0) {
		gate_close(gate_open());
		_exit(0);
	}
	return waitpid(child, &status, 0) == child && status == 0;
}
