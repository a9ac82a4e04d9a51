// Handleguard runs `handleguard go` with what it is given, where nothing but Go is installed:
//
//	go run handleguard.example/handleguard@v0.1.0 -m ./net.yaml test ./...
//
// The program, its runtime and its manifests are in this one, as the wheel that pip would install. They are unpacked into the
// user's cache the first time.
package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

func main() {
	program, err := unpacked()
	if err == nil {
		// From here on signals and the exit status are the program's own.
		err = syscall.Exec(program, append([]string{"handleguard", "go"}, os.Args[1:]...), os.Environ())
	}
	fmt.Fprintln(os.Stderr, "handleguard:", err)
	os.Exit(125) // as of a run that handleguard itself could not make
}

// unpacked returns the path of the program in the cache. Of several that come first at the same time one wins, and all use its.
func unpacked() (string, error) {
	if len(wheel) == 0 {
		return "", fmt.Errorf("there is no handleguard for %s on %s in this module", runtime.GOOS, runtime.GOARCH)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	folder := filepath.Join(cache, "handleguard", "go", fmt.Sprintf("%x", sha256.Sum256(wheel)))
	program := filepath.Join(folder, "handleguard", "bin", "handleguard")
	if _, err := os.Stat(program); err == nil {
		return program, nil
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return "", err
	}
	part, err := os.MkdirTemp(filepath.Dir(folder), "part-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(part)
	if err := unpack(part); err != nil {
		return "", err
	}
	if err := os.Chmod(part, 0o755); err != nil {
		return "", err
	}
	if err := os.Rename(part, folder); err != nil {
		if _, gone := os.Stat(program); gone != nil {
			return "", err
		}
	}
	return program, nil
}

func unpack(folder string) error {
	archive, err := zip.NewReader(bytes.NewReader(wheel), int64(len(wheel)))
	if err != nil {
		return err
	}
	for _, entry := range archive.File {
		if !filepath.IsLocal(entry.Name) {
			return fmt.Errorf("%s lies outside the wheel", entry.Name)
		}
		if entry.FileInfo().IsDir() {
			continue
		}
		if err := unpackFile(entry, filepath.Join(folder, entry.Name)); err != nil {
			return err
		}
	}
	return nil
}

func unpackFile(entry *zip.File, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	from, err := entry.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, entry.Mode().Perm())
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		to.Close()
		return err
	}
	return to.Close()
}
