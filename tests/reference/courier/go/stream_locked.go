//go:build locked

package courier

// #include "courier.h"
import "C"

import "sync"

// Stream keeps its closer out while a call is in C. Nothing is used after it was freed, but who closes a stream
// waits for as long as a call does.
type Stream struct {
	lock   sync.RWMutex
	handle *C.courier_stream
	closed bool
}

func newStream(handle *C.courier_stream) *Stream {
	return &Stream{handle: handle}
}

// Recv waits for bytes.
func (s *Stream) Recv(bytes []byte) (int, error) {
	s.lock.RLock()
	defer s.lock.RUnlock()
	if s.closed {
		return 0, ErrClosed
	}
	return asCount(C.courier_stream_recv(s.handle, first(bytes), size(bytes)))
}

// Send sends bytes.
func (s *Stream) Send(bytes []byte) (int, error) {
	s.lock.RLock()
	defer s.lock.RUnlock()
	if s.closed {
		return 0, ErrClosed
	}
	return asCount(C.courier_stream_send(s.handle, first(bytes), size(bytes)))
}

// Close frees the stream, once.
func (s *Stream) Close() {
	s.lock.Lock()
	defer s.lock.Unlock()
	if !s.closed {
		s.closed = true
		C.courier_stream_free(s.handle)
	}
}
