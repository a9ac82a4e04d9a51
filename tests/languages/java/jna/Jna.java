import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** A gate is closed through JNA while another thread waits in it. */
final class Jna {
	interface Gates extends Library {
		Gates LIBRARY = Native.load("gate", Gates.class);

		Pointer gate_open();

		int gate_wait(Pointer gate);

		void gate_close(Pointer gate);

		void gate_await_parked(Pointer gate, int count);

		void gate_let_go(Pointer gate);
	}

	private Jna() {}

	static Pointer open() {
		return Gates.LIBRARY.gate_open();
	}

	static void receive(Pointer gate) {
		Gates.LIBRARY.gate_wait(gate);
	}

	static void close(Pointer gate) {
		Gates.LIBRARY.gate_close(gate);
	}

	public static void main(String[] arguments) throws InterruptedException {
		Pointer gate = open();
		Thread waiter = new Thread(() -> receive(gate));
		waiter.start();
		Gates.LIBRARY.gate_await_parked(gate, 1);
		close(gate);
		Gates.LIBRARY.gate_let_go(gate);
		waiter.join();
		System.out.println("done");
	}
}
