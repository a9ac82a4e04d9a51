// A stream is closed by the library's own function, handed to the library as a callback: no Go function and no wrapper
// stands between. The fixed variant waits for the receiver first; with "itself" the op is one on the very same gate.
package main

// #include "gate.h"
import "C"

import (
	"fmt"
	"os"
	"sync"
	"unsafe"
)

func closeBy(op, gate *C.gate) {
	C.gate_call(op, (*[0]byte)(C.gate_close), unsafe.Pointer(gate))
}

func receive(gate *C.gate) *sync.WaitGroup {
	receiver := new(sync.WaitGroup)
	receiver.Add(1)
	go func() {
		defer receiver.Done()
		C.gate_wait(gate)
	}()
	C.gate_await_parked(gate, 1)
	return receiver
}

func closeByAnother(fixed bool) {
	gate, other := C.gate_open(), C.gate_open()
	receiver := receive(gate)
	if fixed {
		C.gate_let_go(gate)
		receiver.Wait()
	}
	closeBy(other, gate) // the close returns though an op is in flight
	if !fixed {
		C.gate_let_go(gate)
		receiver.Wait()
	}
	C.gate_close(other)
}

func main() {
	if os.Args[1] == "itself" {
		gate := C.gate_open()
		closeBy(gate, gate)
	} else {
		closeByAnother(os.Args[1] == "fixed")
	}
	if C.gate_violations() == 0 {
		fmt.Println("done")
	}
}
