/* Rust hands a function of its own to the library, which frees the handle that it is called for: the natural way to write
 * it ends with the free.
 *
 * finding: reentrant-free cell c; call cell_free in any; op cell_call in any; create cell_new in any; deferred
 * recording: handles.cell.freed=1
 */
use std::os::raw::{c_int, c_void};

type Callback = extern "C" fn(*mut c_void, *mut c_void) -> c_int;

#[link(name = "cell")]
extern "C" {
    fn cell_new() -> *mut c_void;
    fn cell_call(cell: *mut c_void, callback: Callback, data: *mut c_void) -> c_int;
    fn cell_free(cell: *mut c_void) -> c_int;
    fn cell_faults() -> c_int;
    fn cell_frees() -> c_int;
}

extern "C" fn done(cell: *mut c_void, _data: *mut c_void) -> c_int {
    unsafe { cell_free(cell) }
}

fn main() {
    unsafe {
        let cell = cell_new();
        println!("handle c {:p}", cell);
        assert_eq!(cell_call(cell, done, std::ptr::null_mut()), 1);
        assert_eq!((cell_faults(), cell_frees()), (0, 1));
    }
}
