//go:build before

package courier

// #include "courier.h"
import "C"

import (
	"runtime"
	"sync/atomic"
)

// Stream looks whether it is closed, and then uses its handle: two steps, between which another goroutine can close
// it. Nor does anything keep it alive while it is in C.
type Stream struct {
	handle *C.courier_stream
	closed atomic.Bool
}

func newStream(handle *C.courier_stream) *Stream {
	s := &Stream{handle: handle}
	runtime.SetFinalizer(s, finalize)
	return s
}

func finalize(s *Stream) {
	s.Close()
	collected()
}

// SetTimeout says how long Recv waits.
func (s *Stream) SetTimeout(milliseconds int) error {
	if s.closed.Load() {
		return ErrClosed
	}
	return asError(C.courier_stream_set_timeout(s.handle, C.int(milliseconds)))
}

// Recv waits for bytes.
func (s *Stream) Recv(bytes []byte) (int, error) {
	if s.closed.Load() {
		return 0, ErrClosed
	}
	return asCount(C.courier_stream_recv(s.handle, first(bytes), size(bytes)))
}

// Send sends bytes.
func (s *Stream) Send(bytes []byte) (int, error) {
	if s.closed.Load() {
		return 0, ErrClosed
	}
	return asCount(C.courier_stream_send(s.handle, first(bytes), size(bytes)))
}

// Poll waits for bytes until there are some. Each time its own time is up it asks whether to go on.
func (s *Stream) Poll(bytes []byte, again func() bool) (int, error) {
	if s.closed.Load() {
		return 0, ErrClosed
	}
	for {
		count, err := asCount(C.courier_stream_recv(s.handle, first(bytes), size(bytes)))
		if err != ErrTimeout || !again() {
			return count, err
		}
	}
}

// Split makes a reading and a writing half of the stream. If there is no room for both, what there was is lost.
func (s *Stream) Split() (reader, writer *Half, err error) {
	if !s.closed.CompareAndSwap(false, true) {
		return nil, nil, ErrClosed
	}
	runtime.SetFinalizer(s, nil)
	var readerHandle, writerHandle *C.courier_half
	switch result := C.courier_stream_split(s.handle, &readerHandle, &writerHandle); {
	case result < 0:
		return nil, nil, asError(result)
	case result > 0:
		return nil, nil, ErrBusy
	}
	return newHalf(readerHandle), newHalf(writerHandle), nil
}

// Close frees the stream, once.
func (s *Stream) Close() {
	if s.closed.CompareAndSwap(false, true) {
		runtime.SetFinalizer(s, nil)
		C.courier_stream_free(s.handle)
	}
}
