import java.lang.management.ManagementFactory;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.TreeSet;

/**
 * What ends a statement of SQLite is a cleaner, or a finalizer, and nothing keeps its owner reachable while a short call on it is in
 * the library: the collector would have to come in just then. The fixed variant keeps it reachable across the call. Says at the
 * end which threads Java knows of.
 *
 * Usage: java Hunted cleaned|finalized|fixed
 */
final class Hunted {
	static {
		System.loadLibrary("hunted_jni");
	}

	private static final Cleaner CLEANER = Cleaner.create();

	static native long open();

	static native long prepare(long database);

	static native boolean step(long statement);

	static native void end(long statement);

	private static class Statement {
		final long handle;

		Statement(long handle) {
			this.handle = handle;
		}
	}

	private static final class Cleaned extends Statement {
		Cleaned(long handle) {
			super(handle);
			CLEANER.register(this, () -> end(handle));
		}
	}

	private static final class Finalized extends Statement {
		Finalized(long handle) {
			super(handle);
		}

		@Override
		protected void finalize() {
			end(handle);
		}
	}

	private static void use(Statement statement) {
		long handle = statement.handle;
		statement = null; // as a compiled method does it by itself; an interpreted one keeps what it can still name
		step(handle);
	}

	private static void useFixed(Statement statement) {
		try {
			step(statement.handle);
		} finally {
			Reference.reachabilityFence(statement);
		}
	}

	/** An interpreted caller would keep what it has named as well. */
	private static void useOne(String way, long handle) {
		if (way.equals("fixed"))
			useFixed(new Cleaned(handle));
		else if (way.equals("cleaned"))
			use(new Cleaned(handle));
		else
			use(new Finalized(handle));
	}

	public static void main(String[] arguments) throws InterruptedException {
		long database = open();
		for (int i = 0; i < 60; i++) {
			useOne(arguments[0], prepare(database));
			Thread.sleep(1);
		}
		TreeSet<String> names = new TreeSet<>();
		for (Thread thread : Thread.getAllStackTraces().keySet())
			names.add(thread.getName());
		Thread[] listed = new Thread[100];
		int count = Thread.currentThread().getThreadGroup().getParent().enumerate(listed);
		System.out.println(names + " " + count + " " + ManagementFactory.getThreadMXBean().getThreadCount());
	}
}
