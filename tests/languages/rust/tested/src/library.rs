//! The library's functions, as this test and others declare them.
use std::ffi::c_void;

#[link(name = "gate")]
extern "C" {
    pub fn gate_open() -> *mut c_void;
    pub fn gate_wait(gate: *mut c_void) -> i32;
    pub fn gate_close(gate: *mut c_void);
    pub fn gate_await_parked(gate: *mut c_void, count: i32);
    pub fn gate_let_go(gate: *mut c_void);
}
