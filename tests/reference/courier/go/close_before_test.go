//go:build before

package courier

import (
	"runtime"
	"syscall"
	"testing"
	"unsafe"
)

// Where frees are left to the last call (--drain=defer), closing does not wait, and the receiver frees when it
// leaves.
func TestReceiverFreesWhenItLeaves(t *testing.T) {
	stream, peer := pair(t)
	receiver := make(chan int)
	go func() {
		runtime.LockOSThread()
		stream.Recv(make([]byte, 16))
		receiver <- syscall.Gettid()
	}()
	awaitInside(unsafe.Pointer(stream.handle))
	before := frees()
	stream.Close()
	if frees() != before {
		t.Error("the stream was freed while the receiver waited")
	}
	send(peer)
	thread := <-receiver
	if frees() != before+1 || lastFreer() != thread {
		t.Errorf("%d frees, the last by thread %d; the receiver was %d", frees()-before, lastFreer(), thread)
	}
}
