//! A callback panics inside the library's op, and the panic is caught outside of it. The op has been left: the close that
//! follows has nothing to wait for. The fixed variant catches the panic inside the callback.
#![allow(stable_features)]
#![feature(c_unwind)]
use std::ffi::c_void;
use std::panic::catch_unwind;
use std::ptr::null_mut;

type Callback = extern "C-unwind" fn(*mut c_void);

extern "C-unwind" {
    fn gate_open() -> *mut c_void;
    fn gate_call(gate: *mut c_void, callback: Callback, argument: *mut c_void) -> i32;
    fn gate_close(gate: *mut c_void);
}

extern "C-unwind" fn panics(_: *mut c_void) {
    panic!("inside the op");
}

extern "C-unwind" fn catches(_: *mut c_void) {
    assert!(catch_unwind(|| panic!("inside the callback")).is_err());
}

fn main() {
    let fixed = std::env::args().nth(1).unwrap() == "fixed";
    let gate = unsafe { gate_open() };
    if fixed {
        assert_eq!(unsafe { gate_call(gate, catches, null_mut()) }, 4);
    } else {
        let result = catch_unwind(|| unsafe { gate_call(gate, panics, null_mut()) });
        assert!(result.is_err());
    }
    unsafe { gate_close(gate) };
    println!("done");
}
