/** Native methods that their library registers: it exports none of their names. Half of them the manifest names. */
final class Registered {
	static {
		System.loadLibrary("registered_jni");
	}

	private Registered() {}

	static native long open();

	static native int await_one(long gate);

	static native int touch(long gate);

	static native int touch(long gate, int times);

	static native void schließe(long gate);

	static native void openAll(long[] gates);

	/** That many, behind two numbers that are none. */
	static native long[] openSome(int count);

	/** Waits in the first. */
	static native int awaitAll(long[] gates);

	static native void awaitParked(long gate);

	static native void letGo(long gate);

	/** Closes what another thread is in. */
	static void race(long gate, Runnable op) throws InterruptedException {
		Thread waiter = new Thread(op);
		waiter.start();
		awaitParked(gate);
		schließe(gate);
		letGo(gate);
		waiter.join();
	}

	public static void main(String[] arguments) throws Exception {
		long gate = open();
		System.out.println(touch(gate) + touch(gate, 2));
		race(gate, () -> await_one(gate));
		Told.told("touch", () -> touch(gate));
		Told.told("touch twice", () -> touch(gate, 2));
		arrays();
		results();
		System.out.println("done");
	}

	static void results() throws Exception {
		long[] some = openSome(3);
		race(some[2], () -> await_one(some[2]));
		Told.told("touch one of some", () -> touch(some[2]));
		schließe(some[3]);
		schließe(some[4]);
	}

	static void arrays() throws Exception {
		long[] gates = new long[20];
		openAll(gates);
		race(gates[0], () -> awaitAll(gates));
		Told.told("await all", () -> awaitAll(gates));
		Told.told("await none", () -> awaitAll(null));
		for (int i = 1; i < gates.length; i++)
			schließe(gates[i]);
	}
}
