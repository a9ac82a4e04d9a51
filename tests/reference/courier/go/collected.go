//go:build go1.24 && !locked

package courier

import "runtime"

// Collected is a stream that is closed when the garbage collector finds that nobody has it any more.
type Collected struct {
	stream *Stream
}

// Collect makes one.
func Collect(stream *Stream) *Collected {
	c := &Collected{stream}
	runtime.AddCleanup(c, closeCollected, stream)
	return c
}

func closeCollected(stream *Stream) {
	stream.Close()
	collected()
}
