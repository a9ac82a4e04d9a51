//go:build load && go1.24 && !locked

package courier

import "testing"

func TestLoadOnAfterFunc(t *testing.T) {
	loadOnWatcher(t, (*Stream).CloseAfter)
}

func TestLoadOnCleanup(t *testing.T) {
	loadOnCollector(t, func(stream *Stream) func([]byte) (int, error) { return Collect(stream).Recv })
}
