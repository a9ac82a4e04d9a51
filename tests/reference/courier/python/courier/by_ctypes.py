"""The library's functions by ctypes."""
import ctypes as _ctypes
import os as _os

_library = _ctypes.CDLL("libcourier.so")
_HANDLE, _SIZE, _INT, _BYTES = _ctypes.c_void_p, _ctypes.c_size_t, _ctypes.c_int, _ctypes.c_char_p
_OUT = _ctypes.POINTER(_HANDLE)


def _checked(result, *_):
    if result < 0:
        raise OSError(-result, _os.strerror(-result))
    return result


def _function(name, *arguments, result=_INT):
    function = getattr(_library, "courier_" + name)
    function.argtypes, function.restype = arguments, result
    if result in (_INT, _ctypes.c_int64):
        function.errcheck = _checked
    return function


def _making(name, *arguments, out_first=False):
    function = _function(name, *((_OUT, *arguments) if out_first else (*arguments, _OUT)))

    def make(*values):
        handle = _HANDLE()
        function(*((_ctypes.byref(handle), *values) if out_first else (*values, _ctypes.byref(handle))))
        return handle.value
    return make


def _receiving(name):
    function = _function(name, _HANDLE, _BYTES, _SIZE, result=_ctypes.c_int64)

    def receive(handle, size):
        room = _ctypes.create_string_buffer(size)
        count = function(handle, room, size)
        return room.raw[:count]
    return receive


def _sending(name):
    function = _function(name, _HANDLE, _BYTES, _SIZE, result=_ctypes.c_int64)
    return lambda handle, data: function(handle, data, len(data))


daemon_start = _making("daemon_start", out_first=True)
daemon_port = _function("daemon_port", _HANDLE)
daemon_accept = _making("daemon_accept", _HANDLE)
daemon_next_control = _receiving("daemon_next_control")
daemon_wake = _function("daemon_wake", _HANDLE)
daemon_free = _function("daemon_free", _HANDLE, result=None)
send_control = _function("send_control", _INT, _BYTES)

stream_dial = _making("stream_dial", _INT)
stream_set_timeout = _function("stream_set_timeout", _HANDLE, _INT)
stream_recv = _receiving("stream_recv")
stream_send = _sending("stream_send")
stream_wake = _function("stream_wake", _HANDLE)
stream_free = _function("stream_free", _HANDLE, result=None)
_split = _function("stream_split", _HANDLE, _OUT, _OUT)

half_recv = _receiving("half_recv")
half_send = _sending("half_send")
half_wake = _function("half_wake", _HANDLE)
half_free = _function("half_free", _HANDLE, result=None)

blob_open = _making("blob_open", _INT)
blob_read = _receiving("blob_read")
blob_wake = _function("blob_wake", _HANDLE)
blob_free = _function("blob_free", _HANDLE, result=None)

gate_await_inside = _function("gate_await_inside", _HANDLE, _INT, result=None)
gate_fail_split = _function("gate_fail_split", result=None)
gate_violations = _function("gate_violations")
gate_frees = _function("gate_frees")
gate_last_freer = _function("gate_last_freer")


def stream_split(handle):
    """The reading and the writing half; None for one that there was no room for."""
    reader, writer = _HANDLE(), _HANDLE()
    _split(handle, _ctypes.byref(reader), _ctypes.byref(writer))
    return reader.value, writer.value
