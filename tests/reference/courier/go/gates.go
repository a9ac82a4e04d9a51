package courier

// #include "courier.h"
import "C"

import "unsafe"

// The hands of the tests, which cannot use cgo themselves.

// awaitInside waits until a goroutine is in a call of the handle. A pointer to its owner would keep that alive.
func awaitInside(handle unsafe.Pointer) {
	C.courier_gate_await_inside(handle, 1)
}

func failSplit() {
	C.courier_gate_fail_split()
}

func violations() int {
	return int(C.courier_gate_violations())
}

func frees() int {
	return int(C.courier_gate_frees())
}

func lastFreer() int {
	return int(C.courier_gate_last_freer())
}

// Is called when the garbage collector has had a stream closed.
var collected = func() {}
