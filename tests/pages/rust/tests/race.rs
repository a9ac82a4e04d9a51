use std::thread;

const ENDLESS: &str = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n";

#[test]
fn is_finalized_in_its_step() {
    let query = query::Query::new(ENDLESS);
    thread::scope(|scope| {
        scope.spawn(|| query.step());
        while !query.is_busy() {
            thread::yield_now();
        }
        query.finalize();
        query.interrupt();
    });
    query.close();
}
