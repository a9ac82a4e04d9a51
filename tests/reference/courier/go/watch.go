package courier

import "context"

// CloseWhenDone closes the stream when the context is done, and then the channel.
func (s *Stream) CloseWhenDone(ctx context.Context) <-chan struct{} {
	closed := make(chan struct{})
	go s.watch(ctx, closed)
	return closed
}

func (s *Stream) watch(ctx context.Context, closed chan<- struct{}) {
	<-ctx.Done()
	s.Close()
	close(closed)
}
