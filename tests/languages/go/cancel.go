// A stream checks that it is open and then calls into C; when its context is cancelled, a watcher frees its handle. The
// check is of no use to who is inside already. The fixed variant frees when the last one has left.
package main

// #include "gate.h"
import "C"

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
)

type stream struct {
	gate   *C.gate
	closed int32
	users  sync.WaitGroup
	fixed  bool
}

func (s *stream) recv() {
	s.users.Add(1)
	defer s.users.Done()
	if atomic.LoadInt32(&s.closed) == 0 {
		C.gate_wait(s.gate)
	}
}

func (s *stream) close() {
	atomic.StoreInt32(&s.closed, 1)
	if s.fixed {
		C.gate_wake(s.gate)
		s.users.Wait()
	}
	C.gate_close(s.gate)
}

func main() {
	s := &stream{gate: C.gate_open(), fixed: os.Args[1] == "fixed"}
	ctx, cancel := context.WithCancel(context.Background())
	var receiver, watcher sync.WaitGroup
	receiver.Add(1)
	watcher.Add(1)
	go func() {
		defer receiver.Done()
		s.recv()
	}()
	go func() {
		defer watcher.Done()
		<-ctx.Done()
		s.close()
	}()
	C.gate_await_parked(s.gate, 1)
	cancel()
	watcher.Wait() // the close returns though an op is in flight
	if !s.fixed {
		C.gate_let_go(s.gate)
	}
	receiver.Wait()
	fmt.Println("done")
}
