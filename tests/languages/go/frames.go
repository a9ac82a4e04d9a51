// Frees streams that another goroutine receives from, in every way that a Go function can come to call C, and says of each
// call what the Go runtime itself knows of the stack: a line of JSON for each way. The call of C is on the line behind that
// of note.
package main

// #include "gate.h"
// extern void closeFromC(void *);
import "C"

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sort"
	"sync"
	"unsafe"
)

type frame struct {
	Function string
	File     string
	Line     int
}

type stream struct {
	gate, other *C.gate
	done        sync.WaitGroup
	notes       map[string][]frame
	lock        sync.Mutex
}

func (s *stream) note(side string) {
	var pcs [100]uintptr
	var stack []frame
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	for more := true; more; {
		var next runtime.Frame
		next, more = frames.Next()
		stack = append(stack, frame{next.Function, next.File, next.Line})
	}
	stack[0].Line++
	s.lock.Lock()
	s.notes[side] = stack
	s.lock.Unlock()
}

func open() *stream {
	s := &stream{notes: map[string][]frame{}}
	s.note("create")
	s.gate = C.gate_open()
	s.other = C.gate_open()
	s.done.Add(1)
	return s
}

func (s *stream) recv() {
	defer s.done.Done()
	s.note("in_flight")
	C.gate_wait(s.gate)
}

func (s *stream) recvDeep(n int) {
	if n > 0 {
		s.recvDeep(n - 1)
		return
	}
	func() { s.recv() }()
}

func (s *stream) Close() {
	s.note("call")
	C.gate_close(s.gate)
}

type closer interface{ Close() }

//go:noinline
func byInterface(c closer) { c.Close() }

func generic[T closer](c T) { c.Close() }

type outer struct{ *stream }

type middle[T any] struct{ outer }

func recurse(n int, f func()) {
	var room [100]byte
	room[n%100] = 1
	if n == 0 {
		f()
	} else {
		recurse(n-1, f)
	}
	_ = room
}

func onFault(s *stream) {
	defer func() {
		recover()
		s.Close()
	}()
	var nothing *int
	*nothing = 1
}

func inPanic(s *stream) {
	defer func() { recover() }()
	defer s.Close()
	panic("stop")
}

func whileSorting(s *stream) {
	numbers, closed := []int{3, 1, 2}, false
	sort.Slice(numbers, func(i, j int) bool {
		if !closed {
			closed = true
			s.Close()
		}
		return numbers[i] < numbers[j]
	})
}

func inGoroutine(f func()) {
	done := make(chan bool)
	go func() {
		f()
		close(done)
	}()
	<-done
}

func onCancel(s *stream) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan bool)
	context.AfterFunc(ctx, func() {
		s.Close()
		close(done)
	})
	cancel()
	<-done
}

//go:noinline
func abandon(f func()) {
	runtime.SetFinalizer(&struct{ room [64]byte }{}, func(any) { f() })
}

func inFinalizer(s *stream) {
	done := make(chan bool)
	var once sync.Once
	for i := 0; i < 9; i++ {
		abandon(func() {
			once.Do(func() {
				s.Close()
				close(done)
			})
		})
	}
	for {
		runtime.GC()
		select {
		case <-done:
			return
		default:
			runtime.Gosched()
		}
	}
}

var fromC [4]func()
var keys [4]byte

//export closeFromC
func closeFromC(key unsafe.Pointer) { fromC[uintptr(key)-uintptr(unsafe.Pointer(&keys))]() }

// Go, C, Go, C: to such a depth.
func throughC(s *stream, depth int) {
	fromC[depth] = s.Close
	if depth > 1 {
		fromC[depth] = func() { throughC(s, depth-1) }
	}
	C.gate_call(s.other, (*[0]byte)(C.closeFromC), unsafe.Pointer(&keys[depth]))
}

var ways = []struct {
	name  string
	close func(s *stream)
}{
	{"plain", func(s *stream) { s.Close() }},
	{"interface", func(s *stream) { byInterface(s) }},
	{"promoted", func(s *stream) { byInterface(middle[int]{outer{s}}) }},
	{"generic", func(s *stream) { generic(s) }},
	{"value", func(s *stream) { f := s.Close; f() }},
	{"deferred", func(s *stream) { defer s.Close() }},
	{"recursion", func(s *stream) { recurse(30, s.Close) }},
	{"fault", onFault},
	{"panic", inPanic},
	{"sort", whileSorting},
	{"goroutine", func(s *stream) { inGoroutine(s.Close) }},
	{"cancel", onCancel},
	{"finalizer", inFinalizer},
	{"callback", func(s *stream) { throughC(s, 1) }},
	{"callbacks", func(s *stream) { throughC(s, 3) }},
}

// Of a library too.
//
//export runWays
func runWays() {
	out := json.NewEncoder(os.Stdout)
	for i, way := range ways {
		s := open()
		if i%2 == 0 {
			go s.recv()
		} else {
			go s.recvDeep(i)
		}
		C.gate_await_parked(s.gate, 1)
		way.close(s)
		C.gate_let_go(s.gate)
		s.done.Wait()
		C.gate_close(s.other)
		out.Encode(map[string]any{"way": way.name, "sides": s.notes})
	}
	fmt.Println("done")
}

func main() { runWays() }
