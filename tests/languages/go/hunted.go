// A stream's finalizer frees its handle, and nothing keeps the stream alive while its short call is inside C: the collector
// would have to come in just then. The fixed variant keeps it alive across the call.
package main

// #include "gate.h"
import "C"

import (
	"os"
	"runtime"
	"time"
)

type stream struct {
	gate *C.gate
	name string // without a Go pointer in it, it could share its memory with others that are still alive
}

// Neither has anything to do with how often garbage is collected.
var patience, impatience = 2 * time.Minute, 120 * time.Second

func newStream() *stream {
	s := &stream{C.gate_open(), "stream"}
	runtime.SetFinalizer(s, func(s *stream) { C.gate_close(s.gate) })
	return s
}

func (s *stream) touch() {
	C.gate_touch(s.gate)
}

func main() {
	fixed := os.Args[1] == "fixed"
	for i := 0; i < 60; i++ {
		s := newStream()
		if fixed {
			s.touch()
			runtime.KeepAlive(s)
		} else {
			s.touch()
		}
		time.Sleep(time.Millisecond)
	}
	if patience != impatience {
		os.Exit(1)
	}
}
