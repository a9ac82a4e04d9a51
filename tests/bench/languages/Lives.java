import java.util.Arrays;

/** What a handle's life costs that Java gives it through JNI, in ns: as lives.py says, with the native methods' library. */
final class Lives {
	static final int LIVES = 2000, TURNS = 6, ANOTHERS = 16;

	private Lives() {}

	static native long open();

	static native void free(long target);

	static native void await(long target);

	static native int waiting();

	static native void openGate();

	static void life() {
		free(open());
	}

	/** Work at one of as many places as there are turns to take: each is called from one of two lines. */
	static void takeTurns(int which, int left, Runnable work) {
		if (left == 0)
			work.run();
		else if ((which & 1) != 0)
			takeTurns(which >> 1, left - 1, work);
		else
			takeTurns(which >> 1, left - 1, work);
	}

	static double timeOf(Runnable work) {
		long begun = System.nanoTime();
		work.run();
		return System.nanoTime() - begun;
	}

	static double median(double[] figures) {
		Arrays.sort(figures);
		return figures[figures.length / 2];
	}

	static void manyLives() {
		for (int i = 0; i < LIVES; i++)
			life();
	}

	static double known() {
		manyLives();
		return timeOf(Lives::manyLives) / LIVES;
	}

	static double first() {
		life();
		double[] longer = new double[1 << TURNS];
		for (int i = 0; i < longer.length; i++) {
			int which = i;
			Runnable turn = () -> takeTurns(which, TURNS, Lives::life);
			longer[i] = timeOf(turn) - timeOf(turn);
		}
		return median(longer) / 2;
	}

	static double another() throws InterruptedException {
		double[] times = new double[ANOTHERS];
		Thread[] threads = new Thread[ANOTHERS];
		for (int i = 0; i < ANOTHERS; i++) {
			int which = i;
			long target = open();
			threads[i] = new Thread(() -> takeTurns(which, TURNS, () -> await(target)));
			threads[i].start();
			while (waiting() != i + 1)
				Thread.onSpinWait();
			times[i] = timeOf(() -> free(target));
		}
		openGate();
		for (Thread thread : threads)
			thread.join();
		return median(times);
	}

	public static void main(String[] arguments) throws InterruptedException {
		System.load(arguments[0]);
		System.out.println(arguments[1].equals("known") ? known() : arguments[1].equals("first") ? first() : another());
	}
}
