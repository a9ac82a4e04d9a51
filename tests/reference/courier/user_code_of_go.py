"""The places in the Go module that findings must tell."""
from user_code import Place, UserCode


def _go(file, function, text):
    return Place(f"go/{file}.go", f"courier.{function}", text)


def _test(file, function, text):
    return _go(f"{file}_test", function, text)


_RECV = _go("stream_before", "(*Stream).Recv", "C.courier_stream_recv(")
_CLOSE = _go("stream_before", "(*Stream).Close", "C.courier_stream_free(")
_SPLIT = _go("stream_before", "(*Stream).Split", "C.courier_stream_split(")
_RECEIVE = _RECV, _test("courier", "receive.func1", "stream.Recv(")
_PAIR = _go("courier", "Dial", "C.courier_stream_dial("), _test("courier", "pair", "Dial(")


def _of_closer(closers, test, **keywords):
    """A stream of `pair` is closed while `receive` is in it."""
    return UserCode(call=(_CLOSE, *closers), create=(*_PAIR, test), op=_RECEIVE, **keywords)


GO = {
    "watcher_frees_under_recv": _of_closer(
        [_go("watch", "(*Stream).watch", "s.Close()")],
        _test("watch", "TestWatcherFreesUnderRecv", "pair(t)"),
        created_by=_go("watch", "(*Stream).CloseWhenDone", "go s.watch(")),
    "after_func_frees_under_recv": _of_closer(
        [_go("watch_after_func", "(*Stream).CloseAfter.func1", "s.Close()")],
        _test("watch_after_func", "TestAfterFuncFreesUnderRecv", "pair(t)"),
        run_by="a function that context.AfterFunc runs when the context is done"),
    "close_frees_under_next_control": UserCode(
        call=(_go("daemon_before", "(*Daemon).Close", "C.courier_daemon_free("),
              _test("courier", "TestCloseFreesUnderNextControl", "daemon.Close()")),
        create=(_go("courier", "StartDaemon", "C.courier_daemon_start("), _test("courier", "start", "StartDaemon()"),
                _test("courier", "TestCloseFreesUnderNextControl", "start(t)")),
        op=(_go("daemon_before", "(*Daemon).NextControl", "C.courier_daemon_next_control("),
            _test("courier", "TestCloseFreesUnderNextControl.func1", "daemon.NextControl("))),
    "close_frees_under_blob_read": UserCode(
        call=(_go("blob_before", "(*Blob).Close", "C.courier_blob_free("),
              _test("courier", "TestCloseFreesUnderBlobRead", "blob.Close()")),
        create=(_go("courier", "OpenBlob", "C.courier_blob_open("),
                _test("courier", "TestCloseFreesUnderBlobRead", "OpenBlob(")),
        op=(_go("blob_before", "(*Blob).Read", "C.courier_blob_read("),
            _test("courier", "TestCloseFreesUnderBlobRead.func1", "blob.Read("))),
    "finalizer_frees_under_recv": UserCode(
        call=(_CLOSE, _go("stream_before", "finalize", "s.Close()")),
        create=(*_PAIR, _test("finalizer", "abandon", "pair(t)"),
                _test("finalizer", "TestFinalizerFreesUnderRecv", "abandon(t)")),
        op=(_RECV, _test("finalizer", "abandon.func1", "stream.Recv(")),
        run_by="a finalizer that the Go garbage collector ran"),
    "cleanup_frees_under_recv": UserCode(
        call=(_CLOSE, _go("collected", "closeCollected", "stream.Close()")),
        create=(*_PAIR, _test("collected", "abandonCollected", "pair(t)"),
                _test("collected", "TestCleanupFreesUnderRecv", "abandonCollected(t)")),
        op=(_RECV, _go("collected_before", "(*Collected).Recv", "c.stream.Recv("),
            _test("collected", "abandonCollected.func1", "c.Recv(")),
        run_by="a cleanup that the Go garbage collector ran"),
    "close_frees_under_recv_of_half": UserCode(
        call=(_go("half_before", "(*Half).Close", "C.courier_half_free("),
              _test("split", "TestCloseFreesUnderRecvOfHalf", "reader.Close()")),
        create=(_SPLIT, _test("split", "TestCloseFreesUnderRecvOfHalf", "stream.Split()")),
        op=(_go("half_before", "(*Half).Recv", "C.courier_half_recv("),
            _test("split", "TestCloseFreesUnderRecvOfHalf.func1", "reader.Recv("))),
    "split_has_room_for_one_half": UserCode(
        create=(_SPLIT, _test("split", "TestSplitHasRoomForOneHalf", "stream.Split()"))),
    "polling_ends_when_the_stream_is_closed": UserCode(
        call=(_go("stream_before", "(*Stream).Poll", "C.courier_stream_recv("),
              _test("split", "TestPollingEndsWhenTheStreamIsClosed", "stream.Poll(")),
        create=(*_PAIR, _test("split", "TestPollingEndsWhenTheStreamIsClosed", "pair(t)")),
        free=(_CLOSE, _test("split", "TestPollingEndsWhenTheStreamIsClosed.func1", "stream.Close()"),
              _go("stream_before", "(*Stream).Poll", "again()"),
              _test("split", "TestPollingEndsWhenTheStreamIsClosed", "stream.Poll("))),
    "receiver_frees_when_it_leaves": UserCode(
        call=(_CLOSE, _test("close_before", "TestReceiverFreesWhenItLeaves", "stream.Close()")),
        create=(*_PAIR, _test("close_before", "TestReceiverFreesWhenItLeaves", "pair(t)")),
        op=(_RECV, _test("close_before", "TestReceiverFreesWhenItLeaves.func1", "stream.Recv("))),
}
