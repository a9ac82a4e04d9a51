// Frees handles that another goroutine uses, each at a line of its own of one function: every one is another place.
package main

// #include "gate.h"
import "C"

import (
	"fmt"
	"sync"
)

type stream struct {
	gate *C.gate
	done sync.WaitGroup
}

func open() *stream {
	s := &stream{gate: C.gate_open()}
	s.done.Add(1)
	go func() {
		defer s.done.Done()
		C.gate_wait(s.gate)
	}()
	C.gate_await_parked(s.gate, 1)
	return s
}

func (s *stream) end() {
	C.gate_let_go(s.gate)
	s.done.Wait()
}

func (s *stream) Close() { C.gate_close(s.gate) }

func all(s []*stream) {
	// LINES
}

func main() {
	var streams []*stream
	for i := 0; i < 100; i++ {
		streams = append(streams, open())
	}
	all(streams)
	for _, s := range streams {
		s.end()
	}
	fmt.Println("done")
}
