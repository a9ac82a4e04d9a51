// A key is imported while the garbage collector runs over and over. Nothing uses the data once its handle has been passed to
// C: in the binding's version 0.1.0 its finalizer releases it under the import, in 0.1.1 Import keeps it alive.
package imports

import (
	"runtime"
	"strings"
	"testing"

	"github.com/proglottis/gpgme"
)

func collectUntil(done <-chan bool) <-chan bool {
	ended := make(chan bool)
	go func() {
		defer close(ended)
		for {
			select {
			case <-done:
				return
			default:
				runtime.GC()
			}
		}
	}()
	return ended
}

func TestImport(t *testing.T) {
	imported := make(chan bool)
	ended := collectUntil(imported)
	ctx, err := gpgme.New()
	if err != nil {
		t.Fatal(err)
	}
	defer ctx.Release()
	data, err := gpgme.NewDataBytes([]byte(strings.Repeat("no key\n", 10000)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ctx.Import(data); err != nil {
		t.Log(err)
	}
	close(imported)
	<-ended
}
