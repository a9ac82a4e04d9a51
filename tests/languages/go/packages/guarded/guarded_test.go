package guarded

import "testing"

func TestOpenAndClose(t *testing.T) {
	OpenAndClose()
}
