// Package guarded uses cgo, so that its test binary is dynamically linked.
package guarded

// #include "gate.h"
import "C"

// Word may be set by the linker.
var Word = "none"

// OpenAndClose uses a gate from its create to its free.
func OpenAndClose() {
	C.gate_close(C.gate_open())
}
