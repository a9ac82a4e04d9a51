/** Calls that are turned away at the native methods themselves, and throw what the manifest says. */
final class Natives {
	static {
		System.loadLibrary("gate_jni");
		System.loadLibrary("natives_jni");
	}

	private Natives() {}

	static native int awaitPending(long gate);

	static native int awaitInside(byte[] bytes, long gate);

	public static void main(String[] arguments) throws Exception {
		long gate = Gate.open();
		Gate.close(gate);
		Told.told("await", () -> Gate.await(gate));
		Told.told("call", () -> Gate.call(gate, () -> {}));
		Told.told("close", () -> Gate.close(gate));
		Told.told("pending", () -> awaitPending(gate));
		Told.told("inside", () -> System.out.println(awaitInside(new byte[8], gate)));
		for (int i = 0; i < 20000; i++)
			try {
				Gate.await(gate);
			} catch (IllegalStateException thrown) {
				continue;
			}
		Told.told("compiled", () -> Gate.await(gate));
	}
}
