//go:build go1.24 && !before && !locked

package courier

import "runtime"

// Recv waits for bytes.
func (c *Collected) Recv(bytes []byte) (int, error) {
	defer runtime.KeepAlive(c)
	return c.stream.Recv(bytes)
}
