//go:build !before && !locked

package courier

// #include "courier.h"
import "C"

import "runtime"

// Stream counts who is inside, so that its handle is freed when the last one has left. To leave, a call needs the
// stream itself: that keeps it from the garbage collector.
type Stream struct {
	handle *C.courier_stream
	guard  quiesce
}

func newStream(handle *C.courier_stream) *Stream {
	s := &Stream{handle: handle}
	s.guard.free = func() { C.courier_stream_free(handle) }
	runtime.SetFinalizer(s, finalize)
	return s
}

func finalize(s *Stream) {
	s.Close()
	collected()
}

// SetTimeout says how long Recv waits.
func (s *Stream) SetTimeout(milliseconds int) error {
	if !s.guard.enter() {
		return ErrClosed
	}
	defer s.guard.leave()
	return asError(C.courier_stream_set_timeout(s.handle, C.int(milliseconds)))
}

// Recv waits for bytes.
func (s *Stream) Recv(bytes []byte) (int, error) {
	if !s.guard.enter() {
		return 0, ErrClosed
	}
	defer s.guard.leave()
	return asCount(C.courier_stream_recv(s.handle, first(bytes), size(bytes)))
}

// Send sends bytes.
func (s *Stream) Send(bytes []byte) (int, error) {
	if !s.guard.enter() {
		return 0, ErrClosed
	}
	defer s.guard.leave()
	return asCount(C.courier_stream_send(s.handle, first(bytes), size(bytes)))
}

// Poll waits for bytes until there are some. Each time its own time is up it asks whether to go on.
func (s *Stream) Poll(bytes []byte, again func() bool) (int, error) {
	for {
		count, err := s.Recv(bytes)
		if err != ErrTimeout || !again() {
			return count, err
		}
	}
}

// Split makes a reading and a writing half of the stream, which nobody may be using. If there is no room for both,
// the one that there is is closed.
func (s *Stream) Split() (reader, writer *Half, err error) {
	if !s.guard.take() {
		return nil, nil, ErrBusy
	}
	runtime.SetFinalizer(s, nil)
	var readerHandle, writerHandle *C.courier_half
	result := C.courier_stream_split(s.handle, &readerHandle, &writerHandle)
	if result < 0 {
		C.courier_stream_free(s.handle)
		return nil, nil, asError(result)
	}
	reader = newHalf(readerHandle)
	if result > 0 {
		reader.Close()
		return nil, nil, ErrBusy
	}
	return reader, newHalf(writerHandle), nil
}

// Close lets nobody in any more and returns. Who is inside is woken, and the last one frees the stream.
func (s *Stream) Close() {
	runtime.SetFinalizer(s, nil)
	s.guard.close(func() { C.courier_stream_wake(s.handle) })
}
