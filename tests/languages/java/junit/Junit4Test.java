import org.junit.Before;
import org.junit.Test;

/** The same of JUnit 4. */
public class Junit4Test {
	private Waiter waiter;

	@Before
	public void prepare() {
		waiter = new Waiter();
	}

	@Test
	public void old() {
		waiter.close();
	}

	@Test(timeout = 60000)
	public void onThreadOfItsOwn() {
		waiter.close();
	}
}
