import java.lang.ref.Cleaner;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gates are closed in every way that Java knows, each while a thread waits in it. For each way a line says what Java itself
 * tells of all sides. Usage: Frames WAY...
 */
final class Frames {
	private static final List<String> SIDES = new ArrayList<>();

	private Frames() {}

	/** Where the calling thread is; the guarded call stands in the same line. */
	static void note(String side, String method) {
		Stream<String> frames = Stream.of(new Throwable().getStackTrace()).skip(1).filter(Frames::isWritten).map(Frames::text);
		String all = Stream.concat(Stream.of("[\"Gate." + method + "\",\"Gate.java\",0]"), frames).collect(Collectors.joining(","));
		synchronized (SIDES) {
			SIDES.add("\"" + side + "\":[" + all + "]");
		}
	}

	private static boolean isWritten(StackTraceElement frame) {
		return !frame.getClassName().startsWith("java.lang.invoke.");
	}

	private static String text(StackTraceElement frame) {
		String name = frame.getClassName();
		String folder = name.substring(0, name.lastIndexOf('.') + 1).replace('.', '/');
		String file = frame.getFileName() == null ? "null" : "\"" + folder + frame.getFileName() + "\"";
		int line = Math.max(frame.getLineNumber(), 0);
		return "[\"" + name + "." + frame.getMethodName() + "\"," + file + "," + line + "]";
	}

	static void close(long gate) {
		note("call", "close"); Gate.close(gate);
	}

	/** A thread that waits in a gate of its own. */
	static final class Reader {
		final long gate;
		final Thread thread;

		Reader(boolean virtual) throws ReflectiveOperationException {
			note("create", "open"); gate = Gate.open();
			thread = virtual ? startVirtual(this::receive) : new Thread(this::receive);
			if (!virtual)
				thread.start();
			Gate.awaitParked(gate);
		}

		void receive() {
			note("in_flight", "await"); Gate.await(gate);
		}
	}

	/** From Java 21 on. */
	static Thread startVirtual(Runnable work) throws ReflectiveOperationException {
		return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
	}

	// --- the ways ---

	@SuppressWarnings("removal")
	private static final class Finalized {
		final long gate;
		final CountDownLatch done;

		Finalized(long gate, CountDownLatch done) {
			this.gate = gate;
			this.done = done;
		}

		@Override
		protected void finalize() {
			if (done.getCount() == 0)
				return; // it was called by hand before
			close(gate);
			done.countDown();
		}
	}

	static void byFinalizer(long gate) throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		new Finalized(gate, done);
		collectUntil(done);
	}

	static void byCleaner(long gate) throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		register(gate, done);
		collectUntil(done);
	}

	private static Cleaner.Cleanable register(long gate, CountDownLatch done) {
		return Cleaner.create().register(new Object(), () -> {
			close(gate);
			done.countDown();
		});
	}

	/** What the collector only tells of is not its doing. */
	static void byQueue(long gate) throws InterruptedException {
		ReferenceQueue<Object> queue = new ReferenceQueue<>();
		PhantomReference<Object> reference = new PhantomReference<>(new Object(), queue);
		while (queue.poll() != reference)
			System.gc();
		close(gate);
	}

	/** An object that is still in a register of compiled code is found to be gone by a later collection. */
	private static void collectUntil(CountDownLatch done) throws InterruptedException {
		while (done.getCount() > 0) {
			System.gc();
			System.runFinalization();
		}
	}

	static void byLambda(long gate) {
		Stream.of(gate).forEach(each -> close(each));
	}

	static void byReflection(long gate) throws ReflectiveOperationException {
		Frames.class.getDeclaredMethod("close", long.class).invoke(null, gate);
	}

	static void byRecursion(long gate, int depth) {
		if (depth > 0)
			byRecursion(gate, depth - 1);
		else
			close(gate);
	}

	static void byThread(Runnable work, boolean virtual) throws ReflectiveOperationException, InterruptedException {
		Thread thread = virtual ? startVirtual(work) : new Thread(work);
		if (!virtual)
			thread.start();
		thread.join();
	}

	static void throwing(long gate) {
		try {
			note("call", "closeAndThrow"); Gate.closeAndThrow(gate);
			throw new AssertionError("the exception is lost");
		} catch (IllegalStateException expected) {
			return;
		}
	}

	static void inside(long gate) {
		note("call", "closeInside"); Gate.closeInside(new byte[1], gate);
	}

	static void inHandler(long gate) {
		Gate.closeInHandler(gate);
	}

	/** The VM runs it on its way out, and main goes no further. */
	static void byShutdownHook(Runnable work) {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			work.run();
			say("by_shutdown_hook");
		}));
		System.exit(0);
	}

	private static void say(String way) {
		System.out.println("{\"way\":\"" + way + "\",\"sides\":{" + String.join(",", SIDES) + "}}");
	}

	private static void run(String way, long gate) throws Exception {
		switch (way) {
			case "by_method" -> close(gate);
			case "by_lambda" -> byLambda(gate);
			case "by_reflection" -> byReflection(gate);
			case "by_recursion" -> byRecursion(gate, 100);
			case "by_thread" -> byThread(() -> close(gate), false);
			case "by_virtual_thread" -> byThread(() -> close(gate), true);
			case "of_virtual_thread" -> byThread(() -> close(gate), true); // in a line of its own
			case "by_finalizer" -> byFinalizer(gate);
			case "by_cleaner" -> byCleaner(gate);
			case "finalized_by_hand" -> new Finalized(gate, new CountDownLatch(1)).finalize();
			case "cleaned_by_hand" -> register(gate, new CountDownLatch(1)).clean();
			case "by_queue" -> byQueue(gate);
			case "with_exception" -> throwing(gate);
			case "in_critical_region" -> inside(gate);
			case "in_signal_handler" -> inHandler(gate);
			case "by_shutdown_hook" -> byShutdownHook(() -> close(gate));
			default -> throw new IllegalArgumentException(way);
		}
	}

	private static void end(Reader reader) throws InterruptedException {
		Gate.letGo(reader.gate);
		reader.thread.join();
	}

	public static void main(String[] ways) throws Exception {
		for (String way : ways) {
			SIDES.clear();
			Reader reader = new Reader(way.equals("of_virtual_thread"));
			run(way, reader.gate);
			end(reader);
			say(way);
		}
		System.out.println("done");
	}
}
