//go:build !locked

package courier

import (
	"runtime"
	"testing"
	"unsafe"
)

// abandon has a stream receive that nobody else knows. What is returned does not keep it alive.
//
//go:noinline
func abandon(t *testing.T) (handle unsafe.Pointer, peer *Stream, received <-chan error) {
	stream, peer := pair(t)
	left := make(chan error, 1)
	handle = unsafe.Pointer(stream.handle)
	go func() {
		_, err := stream.Recv(make([]byte, 16))
		left <- err
	}()
	return handle, peer, left
}

// collections tells of each stream that the garbage collector has had closed.
func collections(t *testing.T) <-chan bool {
	happened := make(chan bool, 100)
	collected = func() { happened <- true }
	t.Cleanup(func() { collected = func() {} })
	return happened
}

// collect has the collector run until it has closed a stream.
func collect(happened <-chan bool) {
	for {
		runtime.GC()
		select {
		case <-happened:
			return
		default:
			runtime.Gosched()
		}
	}
}

// collectUnder has the collector run while a call is in C, and lets that go. Only where nothing keeps the stream
// alive it is closed in the middle of the call.
func collectUnder(t *testing.T, handle unsafe.Pointer, peer *Stream, received <-chan error) {
	happened := collections(t)
	awaitInside(handle)
	if keptAlive {
		runtime.GC()
		runtime.GC()
		if len(happened) > 0 {
			t.Error("it was collected in the middle of a call")
		}
	} else {
		collect(happened)
	}
	send(peer)
	<-received
	if keptAlive {
		collect(happened)
	}
}

func TestFinalizerFreesUnderRecv(t *testing.T) {
	handle, peer, received := abandon(t)
	collectUnder(t, handle, peer, received)
}
