"""The places in the Python package that findings must tell."""
from user_code import Place, UserCode


def _before(function, text):
    return Place("python/courier/before.py", function, text)


def _test(function, text, file="test_courier"):
    return Place(f"python/{file}.py", function, text)


_CLOSE = _before("Stream.close", "native.stream_free(")
_DIAL = _before("Stream.dial", "native.stream_dial("), _test("dial", "kind.dial(")
_SPLIT = _before("Stream.split", "native.stream_split(")
_IN_BACKGROUND = _test("in_background.<locals>.call", "function(*arguments)")
_RECEIVE_LATER = (_before("_receive", "native.stream_recv("),)


def _of_del(test, text, run_by):
    """Nobody has a stream any more when the test goes on at TEXT."""
    return UserCode(call=(_CLOSE, _before("Stream.__del__", "self.close()"), _test(test, text)),
                    create=(*_DIAL, _test(test, "dial(")), op=_RECEIVE_LATER, run_by=run_by)


PYTHON = {
    "watcher_frees_under_recv": UserCode(
        call=(_CLOSE, _before("Stream._watch", "self.close()")),
        create=(*_DIAL, _test("test_watcher_frees_under_recv", "dial(")),
        op=(_before("Stream.recv", "native.stream_recv("), _IN_BACKGROUND)),
    "close_frees_under_next_control": UserCode(
        call=(_before("Daemon.close", "native.daemon_free("),
              _test("test_close_frees_under_next_control", "daemon.close()")),
        create=(_before("Daemon.__init__", "native.daemon_start("),
                _test("test_close_frees_under_next_control", "courier.Daemon()")),
        op=(_before("Daemon.next_control", "native.daemon_next_control("), _IN_BACKGROUND)),
    "close_frees_under_blob_read": UserCode(
        call=(_before("Blob.close", "native.blob_free("), _test("test_close_frees_under_blob_read", "blob.close()")),
        create=(_before("Blob.__init__", "native.blob_open("),
                _test("test_close_frees_under_blob_read", "courier.Blob(")),
        op=(_before("Blob.read", "native.blob_read("), _IN_BACKGROUND)),
    "del_frees_under_recv": _of_del("test_del_frees_under_recv", "del stream", "a Python __del__ method"),
    "collector_frees_under_recv": _of_del("test_collector_frees_under_recv", "gc.collect()",
                                          "a Python __del__ method that the garbage collector called"),
    "finalize_frees_under_recv": UserCode(
        call=(_test("test_finalize_frees_under_recv", "del stream"),),  # by weakref's own function
        create=(_before("FinalizedStream.dial", "native.stream_dial("), _test("dial", "kind.dial("),
                _test("test_finalize_frees_under_recv", "dial(")),
        op=_RECEIVE_LATER,
        run_by="a Python weak reference's callback"),
    "close_frees_under_recv_of_half": UserCode(
        call=(_before("Half.close", "native.half_free("),
              _test("test_close_frees_under_recv_of_half", "reader.close()")),
        create=(_SPLIT, _test("test_close_frees_under_recv_of_half", ".split()")),
        op=(_before("Half.recv", "native.half_recv("), _IN_BACKGROUND)),
    "split_has_room_for_one_half": UserCode(
        create=(_SPLIT, _test("test_split_has_room_for_one_half", "stream.split()"))),
    "polling_ends_when_the_stream_is_closed": UserCode(
        call=(_before("Stream.poll", "native.stream_recv("),
              _test("test_polling_ends_when_the_stream_is_closed", "stream.poll(")),
        create=(*_DIAL, _test("test_polling_ends_when_the_stream_is_closed", "dial(")),
        free=(_CLOSE, _test("test_polling_ends_when_the_stream_is_closed.<locals>.again", "stream.close()"),
              _before("Stream.poll", "again()"),
              _test("test_polling_ends_when_the_stream_is_closed", "stream.poll("))),
    "receiver_frees_when_it_leaves": UserCode(
        call=(_CLOSE, _test("test_receiver_frees_when_it_leaves", "stream.close()", "test_close_before")),
        create=(_before("Stream.dial", "native.stream_dial("),
                _test("test_receiver_frees_when_it_leaves", "Stream.dial(", "test_close_before")),
        op=(_before("Stream.recv", "native.stream_recv("),
            _test("test_receiver_frees_when_it_leaves.<locals>.receive", "stream.recv(", "test_close_before"))),
}
