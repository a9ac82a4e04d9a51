/**
 * Calls in flight that have called back into Java: their own frames lie further out than those that the VM would tell.
 * Usage: Callbacks outer|inner|own
 */
final class Callbacks {
	private Callbacks() {}

	/** Closes the gate of the call that has called back, or of the one that is made in there. */
	private static void closeFromOutside(boolean outer) throws InterruptedException {
		long called = Gate.open(), parked = Gate.open();
		Thread thread = new Thread(() -> Gate.call(called, () -> Gate.await(parked)));
		thread.start();
		Gate.awaitParked(parked);
		Gate.close(outer ? called : parked);
		Gate.letGo(parked);
		thread.join();
		Gate.close(outer ? parked : called);
	}

	private static void closeFromInside() {
		long gate = Gate.open();
		Gate.call(gate, () -> Gate.close(gate));
	}

	public static void main(String[] arguments) throws InterruptedException {
		if (arguments[0].equals("own"))
			closeFromInside();
		else
			closeFromOutside(arguments[0].equals("outer"));
		System.out.println("done");
	}
}
