import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.rocksdb.AbstractComparator;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.ComparatorOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksIterator;
import org.rocksdb.Transaction;
import org.rocksdb.TransactionDB;
import org.rocksdb.TransactionDBOptions;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB as its users use it: FOLDER quiet|iterator|database. `quiet` has threads write and read the column families of databases of
 * which each is closed when they are done. The others close an iterator or a database while another thread is in a call of it,
 * which stands still where it compares keys, and use the iterator once more.
 */
final class Rocks {
	private static final CountDownLatch INSIDE = new CountDownLatch(1), CLOSED = new CountDownLatch(1);
	private static final ThreadLocal<Boolean> STANDS_STILL = ThreadLocal.withInitial(() -> false);

	private Rocks() {}

	private static byte[] bytes(String text) {
		return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
	}

	/** In the order of bytes; a thread that is to stand still does so here. */
	private static final class Patient extends AbstractComparator {
		Patient(ComparatorOptions options) {
			super(options);
		}

		@Override
		public String name() {
			return "patient";
		}

		@Override
		public int compare(ByteBuffer one, ByteBuffer other) {
			if (STANDS_STILL.get()) {
				STANDS_STILL.set(false);
				INSIDE.countDown();
				await(CLOSED);
			}
			return one.compareTo(other);
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		} catch (InterruptedException never) {
			throw new IllegalStateException(never);
		}
	}

	private static void use(RocksDB database, ColumnFamilyHandle family, String key) throws Exception {
		try (WriteOptions how = new WriteOptions(); WriteBatch batch = new WriteBatch()) {
			batch.put(family, bytes(key), bytes("one"));
			batch.put(bytes(key), bytes("two"));
			database.write(how, batch);
		}
		try (ReadOptions how = new ReadOptions(); RocksIterator all = database.newIterator(family, how)) {
			int found = 0;
			for (all.seekToFirst(); all.isValid(); all.next())
				found += new String(all.key()).equals(key) ? 1 : 0;
			if (found != 1 || !"two".equals(new String(database.get(bytes(key)))))
				throw new IllegalStateException(key);
		}
	}

	private static void together(int threads, Step step) throws Exception {
		List<Thread> all = new ArrayList<>();
		List<Throwable> failed = new ArrayList<>();
		for (int i = 0; i < threads; i++) {
			int number = i;
			all.add(new Thread(() -> {
				try {
					step.of(number);
				} catch (Throwable e) {
					synchronized (failed) {
						failed.add(e);
					}
				}
			}));
		}
		all.forEach(Thread::start);
		for (Thread each : all)
			each.join();
		if (!failed.isEmpty())
			throw new IllegalStateException(failed.get(0));
	}

	interface Step {
		void of(int number) throws Exception;
	}

	private static void families(String folder) throws Exception {
		List<ColumnFamilyDescriptor> wanted = List.of(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY),
				new ColumnFamilyDescriptor(bytes("other"), new ColumnFamilyOptions()));
		List<ColumnFamilyHandle> families = new ArrayList<>();
		try (DBOptions options = new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true);
				RocksDB database = RocksDB.open(options, folder + "/families", wanted, families)) {
			together(4, number -> {
				for (int i = 0; i < 50; i++)
					use(database, families.get(i % 2), number + "." + i);
			});
			ColumnFamilyHandle third = database.createColumnFamily(new ColumnFamilyDescriptor(bytes("third")));
			use(database, third, "third");
			database.dropColumnFamily(third);
			database.getDefaultColumnFamily().getName();
			for (RocksIterator each : database.newIterators(families))
				each.close();
		}
	}

	private static void transactions(String folder) throws Exception {
		try (Options options = new Options().setCreateIfMissing(true); TransactionDBOptions more = new TransactionDBOptions();
				TransactionDB database = TransactionDB.open(options, more, folder + "/transactions")) {
			together(4, number -> {
				try (WriteOptions how = new WriteOptions(); ReadOptions reading = new ReadOptions()) {
					Transaction last = null;
					for (int i = 0; i < 20; i++) {
						last = last == null ? database.beginTransaction(how) : database.beginTransaction(how, last);
						last.put(bytes("key" + number), bytes("value"));
						last.getWriteBatch().count();
						last.getForUpdate(reading, bytes("key" + number), true);
						last.commit();
					}
					last.close();
				}
			});
		}
	}

	private static void race(String folder, boolean database) throws Exception {
		ComparatorOptions settings = new ComparatorOptions().setUseDirectBuffer(false);
		Options options = new Options().setCreateIfMissing(true).setComparator(new Patient(settings));
		RocksDB db = RocksDB.open(options, folder + "/race");
		db.put(bytes("a"), bytes("1"));
		db.put(bytes("b"), bytes("2"));
		RocksIterator iterator = db.newIterator();
		Thread user = new Thread(() -> {
			STANDS_STILL.set(true);
			try {
				if (database)
					db.get(bytes("b"));
				else
					iterator.seek(bytes("b"));
			} catch (Exception e) {
				throw new IllegalStateException(e);
			}
		});
		user.start();
		await(INSIDE);
		told(iterator::close);
		if (database)
			told(db::close);
		CLOSED.countDown();
		user.join();
		told(iterator::isValid);
		if (!database)
			db.close();
	}

	/** What the guards throw is what the calls would have broken. */
	private static void told(Runnable call) {
		try {
			call.run();
			System.out.println("nothing was thrown");
		} catch (IllegalStateException e) {
			System.out.println(e.getMessage());
		}
	}

	public static void main(String[] arguments) throws Exception {
		RocksDB.loadLibrary();
		if (arguments[1].equals("quiet")) {
			for (int i = 0; i < 3; i++) {
				families(arguments[0]);
				transactions(arguments[0]);
			}
		} else
			race(arguments[0], arguments[1].equals("database"));
		System.out.println("done");
	}
}
