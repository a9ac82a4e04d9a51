/** What calls of native methods throw. */
final class Told {
	private Told() {}

	interface Call {
		void make() throws Exception;
	}

	static void told(String name, Call call) {
		try {
			call.make();
			System.out.println(name + ": nothing was thrown");
		} catch (Exception thrown) {
			System.out.println(name + ": " + thrown.getClass().getName() + ": " + thrown.getMessage());
		}
	}
}
