// What a handle's life costs that Go gives it, in ns: as lives.py, without a library to name.
package main

// struct target;
// struct target *target_open(void);
// void target_free(struct target *target);
import "C"

import (
	"fmt"
	"os"
	"sort"
	"time"
)

const lives, turns = 2000, 6

//go:noinline
func life() {
	C.target_free(C.target_open())
}

// A life at one of as many places as there are turns to take: each is called from one of two lines.
//
//go:noinline
func takeTurns(which, left int) {
	if left == 0 {
		life()
	} else if which&1 != 0 {
		takeTurns(which>>1, left-1)
	} else {
		takeTurns(which>>1, left-1)
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
		turn := func() { takeTurns(which, turns) }
		longer = append(longer, timeOf(turn)-timeOf(turn))
	}
	sort.Float64s(longer)
	return longer[len(longer)/2] / 2
}

func main() {
	fmt.Println(map[string]func() float64{"known": known, "first": first}[os.Args[1]]())
}
