// What a handle's life costs that Go gives it, in ns: as lives.py, without a library to name.
package main

// struct target;
// #include <stdint.h>
// struct target *target_open(void);
// uint64_t target_op(struct target *target);
// void target_free(struct target *target);
// uint64_t target_wait(struct target *target);
// unsigned target_waiting(void);
// void target_open_gate(void);
import "C"

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"sync"
	"time"
)

const lives, turns, depth, anothers = 2000, 6, 100, 16

//go:noinline
func life() {
	C.target_free(C.target_open())
}

// A life, or other work, at one of as many places as there are turns to take: each is called from one of two lines.
//
//go:noinline
func takeTurns(which, left int, work func()) {
	if left == 0 {
		work()
	} else if which&1 != 0 {
		takeTurns(which>>1, left-1, work)
	} else {
		takeTurns(which>>1, left-1, work)
	}
}

func timeOf(work func()) float64 {
	begun := time.Now()
	work()
	return float64(time.Since(begun).Nanoseconds())
}

func manyLives() {
	for i := 0; i < lives; i++ {
		life()
	}
}

func known() float64 {
	manyLives()
	return timeOf(manyLives) / lives
}

func first() float64 {
	life()
	var longer []float64
	for which := 0; which < 1<<turns; which++ {
		turn := func() { takeTurns(which, turns, life) }
		longer = append(longer, timeOf(turn)-timeOf(turn))
	}
	sort.Float64s(longer)
	return longer[len(longer)/2] / 2
}

//go:noinline
func deep(depth int) float64 {
	if depth == 0 {
		return first()
	}
	return deep(depth - 1)
}

func another() float64 {
	var times []float64
	var waiters sync.WaitGroup
	waiters.Add(anothers)
	for which := 0; which < anothers; which++ {
		which, target := which, C.target_open()
		go func() {
			defer waiters.Done()
			takeTurns(which, turns, func() { C.target_wait(target) })
		}()
		for C.target_waiting() != C.uint(which+1) {
			runtime.Gosched()
		}
		times = append(times, timeOf(func() { C.target_free(target) }))
	}
	C.target_open_gate()
	waiters.Wait()
	sort.Float64s(times)
	return times[len(times)/2]
}

// What an op takes in a loop of nothing else.
func ops() float64 {
	target := C.target_open()
	defer C.target_free(target)
	loop := func() {
		for i := 0; i < 100*lives; i++ {
			C.target_op(target)
		}
	}
	loop()
	return timeOf(loop) / (100 * lives)
}

func main() {
	deep := func() float64 { return deep(depth) }
	measure := map[string]func() float64{"known": known, "first": first, "deep": deep, "another": another, "ops": ops}
	fmt.Println(measure[os.Args[1]]())
}
