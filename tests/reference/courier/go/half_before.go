//go:build before

package courier

// #include "courier.h"
import "C"

import "sync/atomic"

// Half is what a split leaves: one direction of a stream. It looks whether it is closed, and then uses its handle.
type Half struct {
	handle *C.courier_half
	closed atomic.Bool
}

func newHalf(handle *C.courier_half) *Half {
	return &Half{handle: handle}
}

// Recv waits for bytes.
func (h *Half) Recv(bytes []byte) (int, error) {
	if h.closed.Load() {
		return 0, ErrClosed
	}
	return asCount(C.courier_half_recv(h.handle, first(bytes), size(bytes)))
}

// Send sends bytes.
func (h *Half) Send(bytes []byte) (int, error) {
	if h.closed.Load() {
		return 0, ErrClosed
	}
	return asCount(C.courier_half_send(h.handle, first(bytes), size(bytes)))
}

// Close frees the half, once.
func (h *Half) Close() {
	if h.closed.CompareAndSwap(false, true) {
		C.courier_half_free(h.handle)
	}
}
