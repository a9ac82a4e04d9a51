/* Native methods of another library, which call one of libgate_jni's where nothing must be thrown. */
#include <jni.h>

JNIEXPORT jint JNICALL Java_Gate_await(JNIEnv *env, jclass class, jlong g);

/* With an exception pending. */
JNIEXPORT jint JNICALL Java_Natives_awaitPending(JNIEnv *env, jclass class, jlong g)
{
	(*env)->ThrowNew(env, (*env)->FindClass(env, "java/lang/ArithmeticException"), "pending");
	return Java_Gate_await(env, class, g);
}

/* In a critical region. */
JNIEXPORT jint JNICALL Java_Natives_awaitInside(JNIEnv *env, jclass class, jbyteArray bytes, jlong g)
{
	void *at = (*env)->GetPrimitiveArrayCritical(env, bytes, NULL);
	jint result = Java_Gate_await(env, class, g);
	(*env)->ReleasePrimitiveArrayCritical(env, bytes, at, 0);
	return result;
}
