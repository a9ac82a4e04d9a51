//go:build load && locked

package courier

import (
	"math/rand"
	"sync/atomic"
	"testing"
	"time"
)

// Says of how many rounds the close had not returned when somebody sent: it waits until something is received.
func TestLoadOnLock(t *testing.T) {
	daemon := start(t)
	var waited atomic.Int64
	rounds := load(t, func() {
		var closing, hung atomic.Bool
		stream, peer := meet(daemon)
		send := sending(peer)
		play(receiving(stream.Recv), func() error {
			time.Sleep(time.Duration(rand.Intn(300)) * time.Microsecond)
			if closing.Load() {
				hung.Store(true)
			}
			return send()
		}, func() {
			closing.Store(true)
			stream.Close()
			closing.Store(false)
		})
		peer.Close()
		if hung.Load() {
			waited.Add(1)
		}
	})
	t.Logf("waited %d times in %d rounds", waited.Load(), rounds)
}
