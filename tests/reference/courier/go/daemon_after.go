//go:build !before

package courier

// #include "courier.h"
import "C"

// Daemon counts who is inside; the last one to leave a closed daemon frees it.
type Daemon struct {
	handle *C.courier_daemon
	guard  quiesce
}

func newDaemon(handle *C.courier_daemon) *Daemon {
	d := &Daemon{handle: handle}
	d.guard.free = func() { C.courier_daemon_free(handle) }
	return d
}

// Port is where it listens.
func (d *Daemon) Port() int {
	if !d.guard.enter() {
		return 0
	}
	defer d.guard.leave()
	return int(C.courier_daemon_port(d.handle))
}

// Accept waits for who dials.
func (d *Daemon) Accept() (*Stream, error) {
	if !d.guard.enter() {
		return nil, ErrClosed
	}
	defer d.guard.leave()
	var handle *C.courier_stream
	if err := asError(C.courier_daemon_accept(d.handle, &handle)); err != nil {
		return nil, err
	}
	return newStream(handle), nil
}

// NextControl waits for a control message.
func (d *Daemon) NextControl(message []byte) (int, error) {
	if !d.guard.enter() {
		return 0, ErrClosed
	}
	defer d.guard.leave()
	return asCount(C.courier_daemon_next_control(d.handle, first(message), size(message)))
}

// Close lets nobody in any more and returns.
func (d *Daemon) Close() {
	d.guard.close(func() { C.courier_daemon_wake(d.handle) })
}
