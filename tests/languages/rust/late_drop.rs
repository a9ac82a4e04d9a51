//! A handle that is sent to a thread by its address alone is dropped while that thread waits. The fixed variant shares
//! its ownership.
use std::ffi::c_void;
use std::sync::Arc;
use std::thread;

#[path = "tested/src/library.rs"]
mod library;
use library::{gate_await_parked, gate_close, gate_let_go, gate_open, gate_wait};

struct Gate(usize);

impl Gate {
    fn raw(&self) -> *mut c_void {
        self.0 as *mut c_void
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        unsafe { gate_close(self.raw()) }
    }
}

fn main() {
    let fixed = std::env::args().nth(1).unwrap() == "fixed";
    let gate = Arc::new(Gate(unsafe { gate_open() } as usize));
    let address = gate.0;
    let owner = fixed.then(|| gate.clone());
    let waiter = thread::spawn(move || {
        assert_eq!(unsafe { gate_wait(address as *mut c_void) }, 2);
        drop(owner);
    });
    unsafe { gate_await_parked(address as *mut c_void, 1) };
    thread::spawn(move || drop(gate)).join().unwrap();
    unsafe { gate_let_go(address as *mut c_void) };
    waiter.join().unwrap();
    println!("done");
}
