// Four goroutines share a database that is closed in the end: what is correct.
package main

import (
	"database/sql"
	"fmt"
	"os"
	"sync"

	_ "github.com/mattn/go-sqlite3"
)

func check(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func insert(db *sql.DB, all *sync.WaitGroup) {
	defer all.Done()
	for n := 0; n < 50; n++ {
		_, err := db.Exec("INSERT INTO t VALUES (?)", n)
		check(err)
	}
}

func main() {
	db, err := sql.Open("sqlite3", ":memory:")
	check(err)
	db.SetMaxOpenConns(1)
	_, err = db.Exec("CREATE TABLE t (n INTEGER)")
	check(err)
	var all sync.WaitGroup
	for i := 0; i < 4; i++ {
		all.Add(1)
		go insert(db, &all)
	}
	all.Wait()
	var sum int
	check(db.QueryRow("SELECT sum(n) FROM t").Scan(&sum))
	check(db.Close())
	fmt.Println(sum)
}
