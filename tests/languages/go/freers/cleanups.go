//go:build go1.24

package main

// #include "gate.h"
import "C"

import "runtime"

type owned struct{ owner *owner }

//go:noinline
func ownByCleanup(gate *C.gate, freed chan<- struct{}, cleanup func(*owner)) {
	o := &owner{gate, freed}
	runtime.AddCleanup(&owned{o}, cleanup, o)
}

func cleanups() {
	play("cleanup", func(gate *C.gate, freed chan<- struct{}) { ownByCleanup(gate, freed, finalize) })
	play("cleanups_queue", func(gate *C.gate, freed chan<- struct{}) {
		queue := make(chan *owner, 1)
		go func() { finalize(<-queue) }()
		ownByCleanup(gate, freed, func(o *owner) { queue <- o })
	})
	play("stopped_cleanup", func(gate *C.gate, freed chan<- struct{}) {
		o := &owner{gate, freed}
		cleanup := runtime.AddCleanup(&owned{o}, finalize, o)
		cleanup.Stop()
		finalize(o)
	})
}
