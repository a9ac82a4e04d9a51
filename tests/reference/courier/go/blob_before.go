//go:build before

package courier

// #include "courier.h"
import "C"

import "sync"

// Blob reads what a daemon sends. Several goroutines may use it at once, or so it says: its lock is let go of
// before the call that it should cover.
type Blob struct {
	lock   sync.Mutex
	handle *C.courier_blob
}

func newBlob(handle *C.courier_blob) *Blob {
	return &Blob{handle: handle}
}

func (b *Blob) current() *C.courier_blob {
	b.lock.Lock()
	defer b.lock.Unlock()
	return b.handle
}

// Read waits for the next bytes.
func (b *Blob) Read(bytes []byte) (int, error) {
	handle := b.current()
	if handle == nil {
		return 0, ErrClosed
	}
	return asCount(C.courier_blob_read(handle, first(bytes), size(bytes)))
}

// Close frees the blob, once.
func (b *Blob) Close() {
	b.lock.Lock()
	defer b.lock.Unlock()
	if b.handle != nil {
		C.courier_blob_free(b.handle)
		b.handle = nil
	}
}
