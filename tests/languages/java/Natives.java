/** Calls that are turned away at the native methods themselves, and throw what the manifest says. */
final class Natives {
	static {
		System.loadLibrary("gate_jni");
		System.loadLibrary("natives_jni");
	}

	private Natives() {}

	static native int awaitPending(long gate);

	static native int awaitInside(byte[] bytes, long gate);

	interface Call {
		void make() throws Exception;
	}

	static void told(String name, Call call) {
		try {
			call.make();
			System.out.println(name + ": nothing was thrown");
		} catch (Exception thrown) {
			System.out.println(name + ": " + thrown.getClass().getName() + ": " + thrown.getMessage());
		}
	}

	public static void main(String[] arguments) throws Exception {
		long gate = Gate.open();
		Gate.close(gate);
		told("await", () -> Gate.await(gate));
		told("call", () -> Gate.call(gate, () -> {}));
		told("close", () -> Gate.close(gate));
		told("pending", () -> awaitPending(gate));
		told("inside", () -> System.out.println(awaitInside(new byte[8], gate)));
		for (int i = 0; i < 20000; i++)
			try {
				Gate.await(gate);
			} catch (IllegalStateException thrown) {
				continue;
			}
		told("compiled", () -> Gate.await(gate));
	}
}
