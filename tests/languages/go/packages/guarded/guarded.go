// Package guarded uses cgo, so that its test binary is dynamically linked.
package guarded

// #include "gate.h"
import "C"

// OpenAndClose uses a gate from its create to its free.
func OpenAndClose() {
	C.gate_close(C.gate_open())
}
