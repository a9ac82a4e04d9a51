// Package tested has a race for its test to run into.
package tested

// #include "gate.h"
import "C"

import "sync"

// Stream is received from by a goroutine of its own.
type Stream struct {
	gate *C.gate
	done sync.WaitGroup
}

// Open begins to receive.
func Open() *Stream {
	s := &Stream{gate: C.gate_open()}
	s.done.Add(1)
	go func() {
		defer s.done.Done()
		C.gate_wait(s.gate)
	}()
	C.gate_await_parked(s.gate, 1)
	return s
}

// Close does not wait for the goroutine.
func (s *Stream) Close() { C.gate_close(s.gate) }

// End lets go of the goroutine.
func (s *Stream) End() {
	C.gate_let_go(s.gate)
	s.done.Wait()
}
