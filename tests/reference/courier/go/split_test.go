//go:build !locked

package courier

import (
	"errors"
	"runtime"
	"testing"
	"unsafe"
)

func TestCloseFreesUnderRecvOfHalf(t *testing.T) {
	stream, peer := pair(t)
	reader, writer, err := stream.Split()
	if err != nil {
		t.Fatal(err)
	}
	received := make(chan error, 1)
	go func() {
		_, err := reader.Recv(make([]byte, 16))
		received <- err
	}()
	awaitInside(unsafe.Pointer(reader.handle))
	reader.Close()
	send(peer)
	<-received
	if _, err := writer.Send([]byte("still here")); err != nil {
		t.Error(err)
	}
	writer.Close()
}

func TestSplitHasRoomForOneHalf(t *testing.T) {
	stream, _ := pair(t)
	failSplit()
	if _, _, err := stream.Split(); !errors.Is(err, ErrBusy) {
		t.Error(err)
	}
}

func TestPollingEndsWhenTheStreamIsClosed(t *testing.T) {
	// Between two calls a goroutine may move to another thread: what a report advises is for one that did not.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	stream, _ := pair(t)
	if err := stream.SetTimeout(1); err != nil {
		t.Fatal(err)
	}
	turns := 0
	_, err := stream.Poll(make([]byte, 16), func() bool {
		turns++
		stream.Close()
		return turns < 1000
	})
	if turns != 1 || !errors.Is(err, ErrClosed) {
		t.Errorf("polled %d times, and then: %v", turns, err)
	}
}
