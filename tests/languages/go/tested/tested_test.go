package tested

import (
	"fmt"
	"testing"
)

func TestRace(t *testing.T) {
	s := Open()
	t.Run("sub", func(t *testing.T) { s.Close() })
	s.End()
	fmt.Println("done")
}
