// Package watched has a race that is seldom run into: a watcher closes what is in use when its time is up.
package watched

// #include "gate.h"
import "C"

import "time"

// Stream is closed some time after it was opened.
type Stream struct {
	gate   *C.gate
	closed chan struct{}
}

// Open begins to watch the time, of which a user needs a hundredth, unless the machine is busy.
func Open(patience time.Duration) *Stream {
	s := &Stream{C.gate_open(), make(chan struct{})}
	time.AfterFunc(patience, func() {
		C.gate_close(s.gate)
		close(s.closed)
	})
	return s
}

// Use does not look whether the time is up.
func (s *Stream) Use() { C.gate_touch(s.gate) }
