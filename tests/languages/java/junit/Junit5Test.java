import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of JUnit 5, each of which closes a gate while a thread waits in it. */
class Junit5Test {
	private Waiter waiter;

	@BeforeEach
	void prepare() {
		waiter = new Waiter();
	}

	@Test
	void plain() {
		waiter.close();
	}

	@Test
	void inHelper() {
		help(() -> waiter.close());
	}

	private static void help(Runnable work) {
		work.run();
	}

	@ParameterizedTest
	@ValueSource(ints = 1)
	void withParameter(int unused) {
		waiter.close();
	}

	@Nested
	class Inner {
		@Test
		void nested() {
			waiter.close();
		}
	}
}
