package courier

import (
	"testing"
	"unsafe"
)

// pair connects a stream with a peer. Only the stream is left to the test. What the library noticed in between
// fails it.
func pair(t *testing.T) (stream, peer *Stream) {
	t.Helper()
	before := violations()
	daemon := start(t)
	stream, err := Dial(daemon.Port())
	if err != nil {
		t.Fatal(err)
	}
	peer = accept(t, daemon)
	t.Cleanup(func() {
		if count := violations() - before; count > 0 {
			t.Errorf("a handle was freed under a call, or used after it was freed: %d times", count)
		}
	})
	return stream, peer
}

func start(t *testing.T) *Daemon {
	t.Helper()
	daemon, err := StartDaemon()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(daemon.Close)
	return daemon
}

func accept(t *testing.T, daemon *Daemon) *Stream {
	t.Helper()
	peer, err := daemon.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(peer.Close)
	return peer
}

// receive does so in the background until something comes, or the stream is closed.
//
//go:noinline
func receive(stream *Stream) <-chan error {
	received := make(chan error, 1)
	go func() {
		_, err := stream.Recv(make([]byte, 16))
		received <- err
	}()
	awaitInside(unsafe.Pointer(stream.handle))
	return received
}

func send(peer *Stream) {
	peer.Send([]byte("late")) // what comes of it is of no interest: the other side may be gone
}

func TestCloseFreesUnderNextControl(t *testing.T) {
	before := violations()
	daemon := start(t)
	port := daemon.Port()
	received := make(chan error, 1)
	go func() {
		_, err := daemon.NextControl(make([]byte, 16))
		received <- err
	}()
	awaitInside(unsafe.Pointer(daemon.handle))
	daemon.Close()
	SendControl(port, "late")
	<-received
	if violations() != before {
		t.Error("the daemon was freed under a call")
	}
}

func TestCloseFreesUnderBlobRead(t *testing.T) {
	before := violations()
	daemon := start(t)
	blob, err := OpenBlob(daemon.Port())
	if err != nil {
		t.Fatal(err)
	}
	peer := accept(t, daemon)
	received := make(chan error, 1)
	handle := unsafe.Pointer(blob.handle)
	go func() {
		_, err := blob.Read(make([]byte, 16))
		received <- err
	}()
	awaitInside(handle)
	blob.Close()
	send(peer)
	<-received
	if violations() != before {
		t.Error("the blob was freed under a call")
	}
}
