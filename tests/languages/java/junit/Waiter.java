/** A thread that waits in a gate, which is then closed under it. */
final class Waiter {
	private final long gate = Gate.open();
	private final Thread thread = new Thread(() -> Gate.await(gate));

	Waiter() {
		thread.start();
		Gate.awaitParked(gate);
	}

	void close() {
		Gate.close(gate);
		Gate.letGo(gate);
		try {
			thread.join();
		} catch (InterruptedException unexpected) {
			throw new IllegalStateException(unexpected);
		}
	}
}
