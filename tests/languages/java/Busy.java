import java.util.concurrent.CountDownLatch;

/**
 * Threads that open and close gates all the time, from ever other depths, while something else goes on.
 * Usage: Busy exit|collect|fork
 */
final class Busy {
	private static final int THREADS = 4, ROUNDS = 400;
	private static final CountDownLatch STARTED = new CountDownLatch(THREADS);
	private static volatile boolean over;
	private static volatile byte[] garbage;

	private Busy() {}

	private static void open(int depth) {
		if (depth > 0)
			open(depth - 1);
		else
			Gate.closeInside(new byte[1], Gate.open());
	}

	private static void work(boolean forEver) {
		for (int i = 0; forEver || i < ROUNDS; i++) {
			open(i % 50);
			if (i == 50)
				STARTED.countDown();
		}
	}

	private static void collect() {
		while (!over) {
			for (int i = 0; i < 1000; i++)
				garbage = new byte[10000];
			System.gc();
		}
	}

	private static Thread[] start(boolean forEver) {
		Thread[] threads = new Thread[THREADS];
		for (int i = 0; i < THREADS; i++) {
			threads[i] = new Thread(() -> work(forEver));
			threads[i].setDaemon(true);
			threads[i].start();
		}
		return threads;
	}

	public static void main(String[] arguments) throws InterruptedException {
		Thread[] threads = start(arguments[0].equals("exit"));
		STARTED.await();
		if (arguments[0].equals("exit"))
			System.exit(0);
		Thread collector = new Thread(Busy::collect);
		collector.start();
		for (int i = 0; arguments[0].equals("fork") && i < 20; i++)
			if (!Gate.useInChild())
				throw new AssertionError("the child failed");
		for (Thread thread : threads)
			thread.join();
		over = true;
		collector.join();
		System.out.println("done");
	}
}
