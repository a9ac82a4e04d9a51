// Frees a gate while another goroutine waits in it, in each way that reports tell apart, and in ways that look like them
// and must not be taken for them. Says of each which gate it is.
package main

// #include "gate.h"
import "C"

import (
	"fmt"
	"runtime"
	"sync"
)

func play(way string, free func(gate *C.gate, freed chan<- struct{})) {
	gate := C.gate_open()
	fmt.Printf("way %s %p\n", way, gate)
	var waiter sync.WaitGroup
	waiter.Add(1)
	go func() {
		defer waiter.Done()
		C.gate_wait(gate)
	}()
	C.gate_await_parked(gate, 1)
	freed := make(chan struct{})
	free(gate, freed)
	await(freed)
	C.gate_let_go(gate)
	waiter.Wait()
}

// await has the garbage collector run until the gate is freed.
func await(freed <-chan struct{}) {
	for {
		select {
		case <-freed:
			return
		default:
			runtime.GC()
		}
	}
}

func closeIt(gate *C.gate, freed chan<- struct{}) {
	C.gate_close(gate)
	close(freed)
}

func main() {
	watchers()
	finalizers()
	cleanups()
	callbacks()
	fmt.Println("done")
}
