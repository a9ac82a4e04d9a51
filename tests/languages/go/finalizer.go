// A stream's finalizer frees its handle. Once recv has read the handle, nothing keeps the stream itself alive, so that
// the garbage collector may run the finalizer while recv is inside C. The fixed variant keeps it alive across the call.
package main

// #include "gate.h"
import "C"

import (
	"fmt"
	"os"
	"runtime"
)

type stream struct {
	gate *C.gate
	name string // without a Go pointer in it, it could share its memory with others that are still alive
}

var finalized, left = make(chan bool), make(chan bool)

func finalize(s *stream) {
	C.gate_close(s.gate)
	finalized <- true
}

func newStream() *stream {
	s := &stream{C.gate_open(), "stream"}
	runtime.SetFinalizer(s, finalize)
	return s
}

func (s *stream) recv() {
	C.gate_wait(s.gate)
}

func (s *stream) recvAlive() {
	C.gate_wait(s.gate)
	runtime.KeepAlive(s)
}

// What the library is asked about from outside; it does not keep the stream alive.
func start(fixed bool) *C.gate {
	s := newStream()
	gate := s.gate
	go func() {
		if fixed {
			s.recvAlive()
		} else {
			s.recv()
		}
		left <- true
	}()
	return gate
}

func main() {
	fixed := os.Args[1] == "fixed"
	gate := start(fixed)
	C.gate_await_parked(gate, 1)
	runtime.GC()
	if !fixed {
		<-finalized // in the middle of the call
	}
	C.gate_let_go(gate)
	<-left
	if fixed {
		runtime.GC()
		<-finalized
	}
	fmt.Println("done")
}
