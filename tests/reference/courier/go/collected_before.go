//go:build go1.24 && before

package courier

// Recv waits for bytes. Nothing keeps the collected one alive meanwhile.
func (c *Collected) Recv(bytes []byte) (int, error) {
	return c.stream.Recv(bytes)
}
