// A statement is finalized while another thread is in a step of it that does not end before.
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

class Race {
    static final String ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n";

    static int sqlite(String name, Object... arguments) {
        Function function = NativeLibrary.getInstance("libsqlite3.so.0").getFunction("sqlite3_" + name);
        return function.invokeInt(arguments);
    }

    static class Query {
        final Pointer db, statement;

        Query(String text) {
            PointerByReference made = new PointerByReference();
            sqlite("open", ":memory:", made);
            db = made.getValue();
            sqlite("prepare_v2", db, text, -1, made, null);
            statement = made.getValue();
        }

        void step() {
            sqlite("step", statement);
        }

        void close() {
            sqlite("finalize", statement);
        }
    }

    public static void main(String[] arguments) throws InterruptedException {
        Query query = new Query(ENDLESS);
        Thread stepping = new Thread(query::step);
        stepping.start();
        while (sqlite("stmt_busy", query.statement) == 0)
            Thread.onSpinWait();
        query.close();
        sqlite("interrupt", query.db);
        stepping.join();
        sqlite("close", query.db);
    }
}
