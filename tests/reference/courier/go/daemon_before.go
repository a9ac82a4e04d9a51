//go:build before

package courier

// #include "courier.h"
import "C"

import "sync/atomic"

// Daemon looks whether it is closed, and then uses its handle.
type Daemon struct {
	handle *C.courier_daemon
	closed atomic.Bool
}

func newDaemon(handle *C.courier_daemon) *Daemon {
	return &Daemon{handle: handle}
}

// Port is where it listens.
func (d *Daemon) Port() int {
	if d.closed.Load() {
		return 0
	}
	return int(C.courier_daemon_port(d.handle))
}

// Accept waits for who dials.
func (d *Daemon) Accept() (*Stream, error) {
	if d.closed.Load() {
		return nil, ErrClosed
	}
	var handle *C.courier_stream
	if err := asError(C.courier_daemon_accept(d.handle, &handle)); err != nil {
		return nil, err
	}
	return newStream(handle), nil
}

// NextControl waits for a control message.
func (d *Daemon) NextControl(message []byte) (int, error) {
	if d.closed.Load() {
		return 0, ErrClosed
	}
	return asCount(C.courier_daemon_next_control(d.handle, first(message), size(message)))
}

// Close frees the daemon, once.
func (d *Daemon) Close() {
	if d.closed.CompareAndSwap(false, true) {
		C.courier_daemon_free(d.handle)
	}
}
