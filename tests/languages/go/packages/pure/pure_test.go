// Package pure has no C in it: its test binary is statically linked.
package pure

import "testing"

func TestNothing(t *testing.T) {
}
