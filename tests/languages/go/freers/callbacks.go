package main

// #include "gate.h"
// extern void closeFromC(void *);
// extern void queueFromC(void *);
import "C"

import "unsafe"

var queue = make(chan *C.gate, 1)

//export closeFromC
func closeFromC(gate unsafe.Pointer) {
	C.gate_close((*C.gate)(gate))
}

//export queueFromC
func queueFromC(gate unsafe.Pointer) {
	queue <- (*C.gate)(gate)
}

func callbacks() {
	play("callback", func(gate *C.gate, freed chan<- struct{}) {
		other := C.gate_open()
		C.gate_call(other, (*[0]byte)(C.closeFromC), unsafe.Pointer(gate))
		C.gate_close(other)
		close(freed)
	})
	play("callbacks_queue", func(gate *C.gate, freed chan<- struct{}) {
		other := C.gate_open()
		go func() { closeIt(<-queue, freed) }()
		C.gate_call(other, (*[0]byte)(C.queueFromC), unsafe.Pointer(gate))
		C.gate_close(other)
	})
	play("after_callback", func(gate *C.gate, freed chan<- struct{}) {
		other := C.gate_open()
		C.gate_call(other, (*[0]byte)(C.queueFromC), unsafe.Pointer(gate))
		C.gate_close(other)
		closeIt(<-queue, freed)
	})
}
