// A statement that is finalized while a step of it does not end before, with SQLite's own library and no C compiler: purego
// reaches it without cgo.
package pure

import (
	"sync/atomic"
	"testing"

	"github.com/ebitengine/purego"
)

var (
	open     func(name string, db *uintptr) int32
	prepare  func(db uintptr, text string, size int32, statement *uintptr, rest uintptr) int32
	progress func(db uintptr, steps int32, handler, argument uintptr)
	step     func(statement uintptr) int32
	finalize func(statement uintptr) int32
	closeDB  func(db uintptr) int32
)

const endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT 1 FROM n) SELECT count(*) FROM n"

func TestMain(m *testing.M) {
	library, err := purego.Dlopen("libsqlite3.so.0", purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		panic(err)
	}
	for name, function := range map[string]any{"open": &open, "prepare_v2": &prepare, "progress_handler": &progress,
		"step": &step, "finalize": &finalize, "close": &closeDB} {
		purego.RegisterLibFunc(function, library, "sqlite3_"+name)
	}
	m.Run()
}

func query(text string) (db, statement uintptr) {
	open(":memory:", &db)
	prepare(db, text, -1, &statement, 0)
	return
}

func TestFinalizesAfterItsStep(t *testing.T) {
	db, statement := query("select 1")
	step(statement)
	finalize(statement)
	closeDB(db)
}

func TestFinalizesInAStep(t *testing.T) {
	db, statement := query(endless)
	stepping := make(chan struct{}, 1)
	var finalized atomic.Bool
	handler := purego.NewCallback(func(uintptr) uintptr {
		select {
		case stepping <- struct{}{}:
		default:
		}
		if finalized.Load() {
			return 1
		}
		return 0
	})
	progress(db, 1000, handler, 0)
	stepped := make(chan int32)
	go func() { stepped <- step(statement) }()
	<-stepping
	finalize(statement)
	finalized.Store(true)
	<-stepped
	closeDB(db)
}
