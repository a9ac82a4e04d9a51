package watched

import (
	"testing"
	"time"
)

func TestUse(t *testing.T) {
	s := Open(5 * time.Millisecond)
	s.Use()
	<-s.closed
}
