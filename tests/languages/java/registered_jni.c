/* The native methods of Registered.java, none of which is exported. */
#include <jni.h>

#include "gate.h"

static jlong open_one(JNIEnv *env, jclass class)
{
	(void)env, (void)class;
	return (jlong)gate_open();
}

static jint await_one(JNIEnv *env, jclass class, jlong g)
{
	(void)env, (void)class;
	return gate_wait((gate *)g);
}

static jint touch(JNIEnv *env, jclass class, jlong g)
{
	(void)env, (void)class;
	return gate_touch((gate *)g);
}

static jint touch_often(JNIEnv *env, jclass class, jlong g, jint times)
{
	jint sum = 0;
	while (times-- > 0)
		sum += touch(env, class, g);
	return sum;
}

static void close_one(JNIEnv *env, jclass class, jlong g)
{
	(void)env, (void)class;
	gate_close((gate *)g);
}

static void open_all(JNIEnv *env, jclass class, jlongArray gates)
{
	(void)class;
	for (jsize i = 0; i < (*env)->GetArrayLength(env, gates); i++)
		(*env)->SetLongArrayRegion(env, gates, i, 1, &(jlong){(jlong)gate_open()});
}

static jlongArray open_some(JNIEnv *env, jclass class, jint count)
{
	jlongArray gates = (*env)->NewLongArray(env, count + 2);
	(void)class;
	(*env)->SetLongArrayRegion(env, gates, 0, 2, (const jlong[]){7, 8});
	for (jsize i = 0; i < count; i++)
		(*env)->SetLongArrayRegion(env, gates, i + 2, 1, &(jlong){(jlong)gate_open()});
	return gates;
}

/* Parks in the first. */
static jint await_all(JNIEnv *env, jclass class, jlongArray gates)
{
	jlong first = 0;
	(void)class;
	if (!gates)
		return 0;
	(*env)->GetLongArrayRegion(env, gates, 0, 1, &first);
	return gate_wait((gate *)first);
}

static void await_parked(JNIEnv *env, jclass class, jlong g)
{
	(void)env, (void)class;
	gate_await_parked((gate *)g, 1);
}

static void let_go(JNIEnv *env, jclass class, jlong g)
{
	(void)env, (void)class;
	gate_let_go((gate *)g);
}

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
	const JNINativeMethod methods[] = {
	    {"open", "()J", (void *)open_one},
	    {"await_one", "(J)I", (void *)await_one},
	    {"touch", "(J)I", (void *)touch},
	    {"touch", "(JI)I", (void *)touch_often},
	    {"schlie\303\237e", "(J)V", (void *)close_one},
	    {"openAll", "([J)V", (void *)open_all},
	    {"openSome", "(I)[J", (void *)open_some},
	    {"awaitAll", "([J)I", (void *)await_all},
	    {"awaitParked", "(J)V", (void *)await_parked},
	    {"letGo", "(J)V", (void *)let_go},
	};
	JNIEnv *env = NULL;
	(void)reserved;
	if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_6) != JNI_OK)
		return JNI_ERR;
	jclass class = (*env)->FindClass(env, "Registered");
	return class && (*env)->RegisterNatives(env, class, methods, sizeof methods / sizeof *methods) == JNI_OK
	           ? JNI_VERSION_1_6
	           : JNI_ERR;
}
