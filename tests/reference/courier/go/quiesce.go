package courier

import "sync/atomic"

// quiesce counts who is inside a handle, without a lock: two for each call, one once it is closed. Who brings the
// count to one is the last to leave a closed handle, and frees it.
type quiesce struct {
	count atomic.Int64
	free  func()
}

const closed, user = 1, 2

// enter says whether the handle may be used; if so, leave must follow.
func (q *quiesce) enter() bool {
	for {
		count := q.count.Load()
		if count&closed != 0 {
			return false
		}
		if q.count.CompareAndSwap(count, count+user) {
			return true
		}
	}
}

func (q *quiesce) leave() {
	if q.count.Add(-user) == closed {
		q.free()
	}
}

// close lets nobody in any more and wakes who is inside. It does not wait for them. To wake them it is inside itself.
func (q *quiesce) close(wake func()) {
	for {
		count := q.count.Load()
		if count&closed != 0 {
			return
		}
		if q.count.CompareAndSwap(count, count+user|closed) {
			wake()
			q.leave()
			return
		}
	}
}

// take hands the handle to who wants to end it in another way: only if nobody is inside, and nobody will be then.
func (q *quiesce) take() bool {
	return q.count.CompareAndSwap(0, closed)
}
