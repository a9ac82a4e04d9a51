//go:build load

package courier

import (
	"math/rand"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

const players = 4

// load plays as many rounds as the environment says, by several goroutines at once, and returns how many that were.
// No gate makes sure of anything.
func load(t *testing.T, round func()) (rounds int) {
	rounds, err := strconv.Atoi(os.Getenv("COURIER_ROUNDS"))
	if err != nil || rounds%players != 0 {
		t.Fatal("COURIER_ROUNDS must be a multiple of ", players)
	}
	var all sync.WaitGroup
	for player := 0; player < players; player++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := 0; i < rounds/players; i++ {
				round()
			}
		}()
	}
	all.Wait()
	return rounds
}

// play has a handle used until that fails, and fed all the while. At some time it ends it.
func play(use, feed func() error, end func()) {
	used := make(chan struct{})
	var feeder sync.WaitGroup
	feeder.Add(1)
	go func() {
		defer close(used)
		for use() == nil {
		}
	}()
	go func() {
		defer feeder.Done()
		for feed() == nil {
			select {
			case <-used:
				return
			default:
			}
		}
	}()
	time.Sleep(time.Duration(rand.Intn(300)) * time.Microsecond)
	end()
	<-used
	feeder.Wait()
}

func receiving(recv func([]byte) (int, error)) func() error {
	bytes := make([]byte, 16)
	return func() error {
		_, err := recv(bytes)
		return err
	}
}

func sending(peer *Stream) func() error {
	return func() error {
		_, err := peer.Send([]byte("some"))
		return err
	}
}

var accepting sync.Mutex // or peers of others would be accepted

// meet connects two streams.
func meet(daemon *Daemon) (stream, peer *Stream) {
	accepting.Lock()
	defer accepting.Unlock()
	stream, err := Dial(daemon.Port())
	if err != nil {
		panic(err)
	}
	return stream, answer(daemon)
}

func answer(daemon *Daemon) *Stream {
	peer, err := daemon.Accept()
	if err != nil {
		panic(err)
	}
	return peer
}
