//go:build !locked

package courier

import (
	"context"
	"testing"
)

func TestWatcherFreesUnderRecv(t *testing.T) {
	stream, peer := pair(t)
	ctx, cancel := context.WithCancel(context.Background())
	closed := stream.CloseWhenDone(ctx)
	received := receive(stream)
	cancel()
	<-closed
	send(peer)
	<-received
}
