use tested::Gate;

#[test]
fn is_dropped_in_its_use() {
    let gate = Gate::open();
    let (waiter, let_go) = gate.wait();
    drop(gate);
    let_go();
    waiter.join().unwrap();
}
