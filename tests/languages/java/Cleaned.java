import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.concurrent.CountDownLatch;

/**
 * A stream whose handle is freed by a cleaner once the stream is unreachable, and that is from its last use on: in the
 * middle of the call. The fixed variant keeps it reachable till the call has returned.
 */
final class Cleaned {
	private static final CountDownLatch CLEANED = new CountDownLatch(1);

	private final long gate = Gate.open();

	private Cleaned() {
		long handle = gate;
		Cleaner.create().register(this, () -> {
			Gate.close(handle);
			CLEANED.countDown();
		});
	}

	private static void receive(Cleaned stream) {
		long gate = stream.gate;
		stream = null; // as a compiled method does it by itself; an interpreted one keeps what it can still name
		Gate.await(gate);
	}

	private static void receiveFixed(Cleaned stream) {
		try {
			Gate.await(stream.gate);
		} finally {
			Reference.reachabilityFence(stream);
		}
	}

	/** Nothing but the receiving thread knows of the stream. */
	private static Thread startReceiver(boolean fixed, long[] gate) throws InterruptedException {
		CountDownLatch opened = new CountDownLatch(1);
		Thread receiver = new Thread(() -> {
			if (fixed)
				receiveFixed(open(gate, opened));
			else
				receive(open(gate, opened));
		});
		receiver.start();
		opened.await();
		return receiver;
	}

	private static Cleaned open(long[] gate, CountDownLatch opened) {
		Cleaned stream = new Cleaned();
		gate[0] = stream.gate;
		opened.countDown();
		return stream;
	}

	public static void main(String[] arguments) throws InterruptedException {
		boolean fixed = arguments[0].equals("fixed");
		long[] gate = new long[1];
		Thread receiver = startReceiver(fixed, gate);
		Gate.awaitParked(gate[0]);
		System.gc();
		if (!fixed)
			CLEANED.await();
		Gate.letGo(gate[0]);
		receiver.join();
		System.gc();
		CLEANED.await();
		System.out.println("done");
	}
}
