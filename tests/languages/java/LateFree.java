/** The main thread closes a gate while another waits in it. The fixed variant closes it when that thread has ended. */
final class LateFree {
	private LateFree() {}

	public static void main(String[] arguments) throws InterruptedException {
		boolean fixed = arguments[0].equals("fixed");
		long gate = Gate.open();
		Thread waiter = new Thread(() -> Gate.await(gate));
		waiter.start();
		Gate.awaitParked(gate);
		if (!fixed)
			Gate.close(gate);
		Gate.letGo(gate);
		waiter.join();
		if (fixed)
			Gate.close(gate);
		System.out.println("done");
	}
}
