// Package courier is a binding of the small networking library beside it. With the build tag "before" it is the
// release whose calls look whether a handle is closed and then use it; with "locked" its streams are the first
// attempt at a cure; without a tag it is the cure.
package courier

// #cgo CFLAGS: -I${SRCDIR}/../library
// #cgo LDFLAGS: -lcourier
// #include "courier.h"
import "C"

import (
	"errors"
	"io"
	"syscall"
	"unsafe"
)

var (
	ErrClosed  = errors.New("it is closed")
	ErrTimeout = errors.New("the time is up")
	ErrBusy    = errors.New("it is in use")
)

func asError(result C.int) error {
	switch errno := syscall.Errno(-result); {
	case result >= 0:
		return nil
	case errno == syscall.EPIPE:
		return ErrClosed
	case errno == syscall.ETIMEDOUT:
		return ErrTimeout
	default:
		return errno
	}
}

func asCount(result C.int64_t) (int, error) {
	switch {
	case result < 0:
		return 0, asError(C.int(result))
	case result == 0:
		return 0, io.EOF
	default:
		return int(result), nil
	}
}

func first(bytes []byte) *C.char {
	return (*C.char)(unsafe.Pointer(&bytes[0]))
}

func size(bytes []byte) C.size_t {
	return C.size_t(len(bytes))
}

// Dial connects to the daemon of a port.
func Dial(port int) (*Stream, error) {
	var handle *C.courier_stream
	if err := asError(C.courier_stream_dial(C.int(port), &handle)); err != nil {
		return nil, err
	}
	return newStream(handle), nil
}

// StartDaemon listens on a free port.
func StartDaemon() (*Daemon, error) {
	var handle *C.courier_daemon
	if err := asError(C.courier_daemon_start(&handle)); err != nil {
		return nil, err
	}
	return newDaemon(handle), nil
}

// SendControl sends a message to the daemon of a port.
func SendControl(port int, message string) error {
	text := append([]byte(message), 0)
	return asError(C.courier_send_control(C.int(port), first(text)))
}

// OpenBlob opens what the daemon of a port sends.
func OpenBlob(port int) (*Blob, error) {
	var handle *C.courier_blob
	if err := asError(C.courier_blob_open(C.int(port), &handle)); err != nil {
		return nil, err
	}
	return newBlob(handle), nil
}
