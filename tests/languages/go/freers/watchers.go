package main

// #include "gate.h"
import "C"

import (
	"context"
	"time"
)

func watchers() {
	play("after_func", func(gate *C.gate, freed chan<- struct{}) {
		ctx, cancel := context.WithCancel(context.Background())
		context.AfterFunc(ctx, func() { closeIt(gate, freed) })
		cancel()
	})
	play("defer_beside_after_func", deferBesideAfterFunc)
	play("started_by_after_func", func(gate *C.gate, freed chan<- struct{}) {
		ctx, cancel := context.WithCancel(context.Background())
		context.AfterFunc(ctx, func() { go closeIt(gate, freed) })
		cancel()
	})
	play("waits_until_done", func(gate *C.gate, freed chan<- struct{}) {
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			<-ctx.Done()
			closeIt(gate, freed)
		}()
		cancel()
	})
	play("time", func(gate *C.gate, freed chan<- struct{}) {
		time.AfterFunc(time.Nanosecond, func() { closeIt(gate, freed) })
	})
	play("defer_beside_time", func(gate *C.gate, freed chan<- struct{}) {
		timer := time.AfterFunc(time.Hour, func() {})
		defer closeIt(gate, freed)
		timer.Stop()
	})
	play("waits_for_time", func(gate *C.gate, freed chan<- struct{}) {
		go func() {
			<-time.After(time.Nanosecond)
			closeIt(gate, freed)
		}()
	})
	play("started_by_time", func(gate *C.gate, freed chan<- struct{}) {
		time.AfterFunc(time.Nanosecond, func() { go closeIt(gate, freed) })
	})
}

func deferBesideAfterFunc(gate *C.gate, freed chan<- struct{}) {
	ctx, cancel := context.WithCancel(context.Background())
	cancelled := make(chan struct{})
	context.AfterFunc(ctx, func() { close(cancelled) })
	defer closeIt(gate, freed)
	cancel()
	<-cancelled
}
