//go:build !before

package courier

// #include "courier.h"
import "C"

// Blob reads what a daemon sends. Several goroutines may use it at once.
type Blob struct {
	handle *C.courier_blob
	guard  quiesce
}

func newBlob(handle *C.courier_blob) *Blob {
	b := &Blob{handle: handle}
	b.guard.free = func() { C.courier_blob_free(handle) }
	return b
}

// Read waits for the next bytes.
func (b *Blob) Read(bytes []byte) (int, error) {
	if !b.guard.enter() {
		return 0, ErrClosed
	}
	defer b.guard.leave()
	return asCount(C.courier_blob_read(b.handle, first(bytes), size(bytes)))
}

// Close lets nobody in any more and returns.
func (b *Blob) Close() {
	b.guard.close(func() { C.courier_blob_wake(b.handle) })
}
