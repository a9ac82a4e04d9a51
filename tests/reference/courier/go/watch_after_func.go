//go:build go1.21

package courier

import "context"

// CloseAfter does what CloseWhenDone does, without a goroutine that waits.
func (s *Stream) CloseAfter(ctx context.Context) <-chan struct{} {
	closed := make(chan struct{})
	context.AfterFunc(ctx, func() {
		s.Close()
		close(closed)
	})
	return closed
}
