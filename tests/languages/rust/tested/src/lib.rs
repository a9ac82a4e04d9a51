//! A handle whose owner may be dropped while a thread waits in it.
use std::ffi::c_void;
use std::thread;

mod library;
use library::{gate_await_parked, gate_close, gate_let_go, gate_open, gate_wait};

pub struct Gate(usize);

impl Gate {
    pub fn open() -> Gate {
        Gate(unsafe { gate_open() } as usize)
    }

    /// A thread that waits in the gate, and what lets it go on.
    pub fn wait(&self) -> (thread::JoinHandle<i32>, impl FnOnce()) {
        let address = self.0;
        let waiter = thread::spawn(move || unsafe { gate_wait(address as *mut c_void) });
        unsafe { gate_await_parked(address as *mut c_void, 1) };
        (waiter, move || unsafe { gate_let_go(address as *mut c_void) })
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        unsafe { gate_close(self.0 as *mut c_void) }
    }
}

#[cfg(test)]
mod tests {
    use super::Gate;

    #[test]
    fn is_dropped_after_its_use() {
        let gate = Gate::open();
        let (waiter, let_go) = gate.wait();
        let_go();
        waiter.join().unwrap();
    }
}
