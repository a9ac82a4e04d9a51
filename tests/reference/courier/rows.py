"""What must be reported of each situation before the fix. By its name its test is found: `test_NAME` in Python, and
in Go the same words together."""
import dataclasses


def _in_both(mend):
    return ("go", mend), ("python", mend)


@dataclasses.dataclass(frozen=True)
class Row:
    """KIND is told of a handle of the class HANDLE, by the function CALL (of a leak: who created it), against OP in
    flight; of each language, MEND is part of what is said of how to mend it. SINCE: the release of Go that has what it
    needs."""
    kind: str
    handle: str
    call: str
    op: str = None
    languages: tuple = ("go", "python")
    mend: tuple = (("go", "under a sync.Mutex each method"), ("python", "under a threading.Lock each method"))
    since: tuple = (1,)

    def after_deadline(self):
        """The same where the free waits, and the call in flight does not leave in time."""
        return dataclasses.replace(self, kind="drain-timeout", mend=_in_both("Wake the call before the free"))

    def mend_in(self, language):
        return dict(self.mend)[language]


def _under_recv(*languages, **keywords):
    return Row("late-free", "stream", "courier_stream_free", "courier_stream_recv", languages, **keywords)


def _by_collector(*languages, **keywords):
    return _under_recv(*languages, mend=(("go", "Write runtime.KeepAlive(owner)"), ("python", "hold a reference to the owner")),
                       **keywords)


ROWS = {
    # A watcher closes the stream when its context, or its event, says so.
    "watcher_frees_under_recv": _under_recv("go", "python"),
    "after_func_frees_under_recv": _under_recv("go", since=(1, 21)),
    # An explicit close of a daemon, and of a blob whose lock is let go of before the call.
    "close_frees_under_next_control": Row("late-free", "daemon", "courier_daemon_free", "courier_daemon_next_control"),
    "close_frees_under_blob_read": Row("late-free", "blob", "courier_blob_free", "courier_blob_read"),
    # Nobody has the stream any more while a call is in it.
    "finalizer_frees_under_recv": _by_collector("go"),
    "cleanup_frees_under_recv": _by_collector("go", since=(1, 24)),
    "del_frees_under_recv": _by_collector("python"),
    "collector_frees_under_recv": _by_collector("python"),
    "finalize_frees_under_recv": _by_collector("python"),
    # The two halves of a stream, and one that is lost.
    "close_frees_under_recv_of_half": Row("late-free", "half", "courier_half_free", "courier_half_recv",
                                          mend=_in_both("Give each half its own reference count")),
    "split_has_room_for_one_half": Row("leak", "half", "courier_stream_split", mend=_in_both("Close both halves")),
    # What a closed stream answers must not look like a time-out.
    "polling_ends_when_the_stream_is_closed": Row("late-op", "stream", "courier_stream_recv",
                                                  mend=_in_both("Set the variable to null")),
    # Without the lock that has a closer wait for ever, a close can return at once.
    "receiver_frees_when_it_leaves": _under_recv("go", "python"),
}
HANGS = "close_hangs_while_recv_waits"
HANGS_UNDER_LOAD = "load_on_lock"

# The same without gates, as `test_NAME`.
LOADS = {
    "load_on_watcher": ROWS["watcher_frees_under_recv"],
    "load_on_next_control": ROWS["close_frees_under_next_control"],
    "load_on_blob": ROWS["close_frees_under_blob_read"],
    "load_on_half": ROWS["close_frees_under_recv_of_half"],
    "load_on_split": ROWS["split_has_room_for_one_half"],
    "load_on_finalizer": ROWS["finalizer_frees_under_recv"],
    "load_on_after_func": ROWS["after_func_frees_under_recv"],
    "load_on_polling": _under_recv("go", "python"),
    "load_on_cleanup": ROWS["cleanup_frees_under_recv"],
    "load_on_del": ROWS["del_frees_under_recv"],
    "load_on_collector": ROWS["collector_frees_under_recv"],
    "load_on_finalize": ROWS["finalize_frees_under_recv"],
}


def is_load(name):
    return name in LOADS or name == HANGS_UNDER_LOAD
