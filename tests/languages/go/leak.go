// Ends with two handles that nobody has closed, and one that was. A Go program's end runs no exit handlers.
package main

// #include "gate.h"
import "C"

import (
	"fmt"
	"os"
	"syscall"
)

//go:noinline
func forget() *C.gate {
	return C.gate_open()
}

func main() {
	for i := 0; i < 2; i++ {
		C.gate_touch(forget())
	}
	closed := C.gate_open()
	C.gate_close(closed)
	fmt.Println("done")
	switch os.Args[1] {
	case "exit":
		os.Exit(0)
	case "kill":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
}
