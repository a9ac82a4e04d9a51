/** The library's functions, through JNI. A gate is the address of its handle. */
final class Gate {
	static {
		System.loadLibrary("gate_jni");
	}

	private Gate() {}

	static native long open();

	static native int await(long gate);

	static native void close(long gate);

	static native void awaitParked(long gate);

	static native void letGo(long gate);

	/** Has the library call back from inside. */
	static native int call(long gate, Runnable callback);

	/** Closes it with an IllegalStateException on the way. */
	static native void closeAndThrow(long gate);

	/** Closes it inside a critical region. */
	static native void closeInside(byte[] bytes, long gate);

	/** Closes it in a signal handler. */
	static native void closeInHandler(long gate);

	/** Opens and closes one in a forked child; whether that ended well. */
	static native boolean useInChild();
}
