//go:build load && !locked

package courier

import (
	"context"
	"math/rand"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestLoadOnWatcher(t *testing.T) {
	loadOnWatcher(t, (*Stream).CloseWhenDone)
}

func loadOnWatcher(t *testing.T, watch func(*Stream, context.Context) <-chan struct{}) {
	daemon := start(t)
	load(t, func() {
		stream, peer := meet(daemon)
		ctx, cancel := context.WithCancel(context.Background())
		closed := watch(stream, ctx)
		play(receiving(stream.Recv), sending(peer), func() {
			cancel()
			<-closed
		})
		peer.Close()
	})
}

func TestLoadOnPolling(t *testing.T) {
	daemon := start(t)
	load(t, func() {
		stream, peer := meet(daemon)
		if err := stream.SetTimeout(1); err != nil {
			panic(err)
		}
		polled := make(chan struct{})
		go func() {
			defer close(polled)
			stream.Poll(make([]byte, 16), func() bool { return true })
		}()
		time.Sleep(time.Duration(rand.Intn(3000)) * time.Microsecond)
		stream.Close()
		<-polled
		peer.Close()
	})
}

func TestLoadOnNextControl(t *testing.T) {
	load(t, func() {
		daemon, err := StartDaemon()
		if err != nil {
			panic(err)
		}
		port := daemon.Port()
		play(receiving(daemon.NextControl), func() error { return SendControl(port, "some") }, daemon.Close)
	})
}

func TestLoadOnBlob(t *testing.T) {
	daemon := start(t)
	load(t, func() {
		blob, err := OpenBlob(daemon.Port())
		if err != nil {
			panic(err)
		}
		peer := answer(daemon)
		play(receiving(blob.Read), sending(peer), blob.Close)
		peer.Close()
	})
}

func TestLoadOnHalf(t *testing.T) {
	daemon := start(t)
	load(t, func() {
		stream, peer := meet(daemon)
		reader, writer, err := stream.Split()
		if err != nil {
			panic(err)
		}
		play(receiving(reader.Recv), sending(peer), reader.Close)
		writer.Close()
		peer.Close()
	})
}

// Whose split there is no room for is left to chance.
func TestLoadOnSplit(t *testing.T) {
	daemon := start(t)
	load(t, func() {
		stream, peer := meet(daemon)
		if rand.Intn(4) == 0 {
			failSplit()
		}
		if reader, writer, err := stream.Split(); err == nil {
			reader.Close()
			writer.Close()
		}
		peer.Close()
	})
}

// Who receives is the last one to know the stream, and the garbage collector runs all the while, until it has had
// every one closed.
func TestLoadOnFinalizer(t *testing.T) {
	loadOnCollector(t, func(stream *Stream) func([]byte) (int, error) { return stream.Recv })
}

func loadOnCollector(t *testing.T, owned func(*Stream) func([]byte) (int, error)) {
	daemon := start(t)
	var closed atomic.Int64
	collected = func() { closed.Add(1) }
	finished := make(chan int, 1)
	var collector sync.WaitGroup
	collector.Add(1)
	go func() {
		defer collector.Done()
		for rounds := -1; closed.Load() != int64(rounds); runtime.GC() {
			select {
			case rounds = <-finished:
			default:
			}
		}
	}()
	finished <- load(t, func() {
		peer, received := abandoned(daemon, owned)
		time.Sleep(time.Duration(rand.Intn(1000)) * time.Microsecond)
		send(peer)
		<-received
		peer.Close()
	})
	collector.Wait()
}

//go:noinline
func abandoned(daemon *Daemon, owned func(*Stream) func([]byte) (int, error)) (peer *Stream, received <-chan error) {
	stream, peer := meet(daemon)
	left := make(chan error, 1)
	recv := owned(stream)
	go func() {
		_, err := recv(make([]byte, 16))
		left <- err
	}()
	return peer, left
}
