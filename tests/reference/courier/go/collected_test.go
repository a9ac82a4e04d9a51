//go:build go1.24 && !locked

package courier

import (
	"testing"
	"unsafe"
)

//go:noinline
func abandonCollected(t *testing.T) (handle unsafe.Pointer, peer *Stream, received <-chan error) {
	stream, peer := pair(t)
	handle = unsafe.Pointer(stream.handle)
	left := make(chan error, 1)
	c := Collect(stream)
	go func() {
		_, err := c.Recv(make([]byte, 16))
		left <- err
	}()
	return handle, peer, left
}

func TestCleanupFreesUnderRecv(t *testing.T) {
	handle, peer, received := abandonCollected(t)
	collectUnder(t, handle, peer, received)
}
