//go:build go1.21

package courier

import (
	"context"
	"testing"
)

func TestAfterFuncFreesUnderRecv(t *testing.T) {
	stream, peer := pair(t)
	ctx, cancel := context.WithCancel(context.Background())
	closed := stream.CloseAfter(ctx)
	received := receive(stream)
	cancel()
	<-closed
	send(peer)
	<-received
}
