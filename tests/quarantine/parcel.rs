//! Rust: boxes that are handed out as raw pointers.
pub struct Parcel {
    content: Vec<u8>,
    room: [u8; 900],
}

#[no_mangle]
pub extern "C" fn parcel_kinds() -> i32 {
    1
}

#[no_mangle]
pub extern "C" fn parcel_open(_kind: i32) -> *mut Parcel {
    Box::into_raw(Box::new(Parcel {
        content: vec![7; 400],
        room: [0; 900],
    }))
}

#[no_mangle]
pub unsafe extern "C" fn parcel_touch(open: *mut Parcel) -> i32 {
    ((*open).content.len() == 400 && (*open).room[0] == 0) as i32
}

#[no_mangle]
pub unsafe extern "C" fn parcel_close(open: *mut Parcel) {
    drop(Box::from_raw(open));
}
