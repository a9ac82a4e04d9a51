package main

// #include "gate.h"
import "C"

import "runtime"

type owner struct {
	gate  *C.gate
	freed chan<- struct{}
}

func finalize(o *owner) {
	closeIt(o.gate, o.freed)
}

//go:noinline
func own(gate *C.gate, freed chan<- struct{}, finalizer func(*owner)) {
	runtime.SetFinalizer(&owner{gate, freed}, finalizer)
}

func finalizers() {
	play("finalizer", func(gate *C.gate, freed chan<- struct{}) { own(gate, freed, finalize) })
	play("finalizers_queue", func(gate *C.gate, freed chan<- struct{}) {
		queue := make(chan *owner, 1)
		go func() { finalize(<-queue) }()
		own(gate, freed, func(o *owner) { queue <- o })
	})
	play("finalize_by_hand", func(gate *C.gate, freed chan<- struct{}) { finalize(&owner{gate, freed}) })
}
