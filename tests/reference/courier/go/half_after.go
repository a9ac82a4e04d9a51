//go:build !before

package courier

// #include "courier.h"
import "C"

// Half is what a split leaves: one direction of a stream. It counts who is inside.
type Half struct {
	handle *C.courier_half
	guard  quiesce
}

func newHalf(handle *C.courier_half) *Half {
	h := &Half{handle: handle}
	h.guard.free = func() { C.courier_half_free(handle) }
	return h
}

// Recv waits for bytes.
func (h *Half) Recv(bytes []byte) (int, error) {
	if !h.guard.enter() {
		return 0, ErrClosed
	}
	defer h.guard.leave()
	return asCount(C.courier_half_recv(h.handle, first(bytes), size(bytes)))
}

// Send sends bytes.
func (h *Half) Send(bytes []byte) (int, error) {
	if !h.guard.enter() {
		return 0, ErrClosed
	}
	defer h.guard.leave()
	return asCount(C.courier_half_send(h.handle, first(bytes), size(bytes)))
}

// Close lets nobody in any more and returns.
func (h *Half) Close() {
	h.guard.close(func() { C.courier_half_wake(h.handle) })
}
