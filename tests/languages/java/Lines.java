/** One method closes many gates, each in a line of its own, and each while a thread waits in it. */
final class Lines {
	private Lines() {}

	private static void close(long gate) {
		Gate.close(gate);
	}

	private static void closeAll(long[] gates) {
		// LINES
	}

	public static void main(String[] arguments) throws InterruptedException {
		long[] gates = new long[100];
		Thread[] threads = new Thread[gates.length];
		for (int i = 0; i < gates.length; i++) {
			long gate = gates[i] = Gate.open();
			threads[i] = new Thread(() -> Gate.await(gate));
			threads[i].start();
			Gate.awaitParked(gate);
		}
		closeAll(gates);
		for (int i = 0; i < gates.length; i++) {
			Gate.letGo(gates[i]);
			threads[i].join();
		}
		System.out.println("done");
	}
}
