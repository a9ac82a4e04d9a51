//go:build locked

package courier

import (
	"runtime"
	"testing"
)

// Who closes a stream without a deadline waits for as long as its receiver does.
func TestCloseHangsWhileRecvWaits(t *testing.T) {
	stream, peer := pair(t)
	received := receive(stream)
	closed := make(chan struct{})
	go func() {
		stream.Close()
		close(closed)
	}()
	for stream.lock.TryRLock() { // until the closer waits for the lock
		stream.lock.RUnlock()
		select {
		case <-closed:
			t.Fatal("it was closed under the receiver")
		default:
			runtime.Gosched()
		}
	}
	select {
	case <-received:
		t.Error("the receiver left before anything was sent")
	default:
	}
	send(peer)
	<-received
	<-closed
}
