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
}
