/* The library's functions as an extension module: each lets go of the interpreter's lock while it is in the library. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <errno.h>

#include "courier.h"

static PyObject *error_of(int64_t result)
{
	errno = (int)-result;
	return PyErr_SetFromErrno(PyExc_OSError);
}

/* 0 with an exception set, where it is no handle. */
static int to_handle(PyObject *number, void *handle)
{
	*(void **)handle = PyLong_AsVoidPtr(number);
	return !PyErr_Occurred();
}

/* A handle, or None. */
static PyObject *from_handle(void *handle)
{
	return handle ? PyLong_FromVoidPtr(handle) : Py_NewRef(Py_None);
}

static PyObject *new_handle(int result, void *handle)
{
	return result < 0 ? error_of(result) : from_handle(handle);
}

/* ---- Functions of one shape ---- */

#define RECEIVING(name, type)                                                                                          \
	static PyObject *name(PyObject *module, PyObject *arguments)                                                   \
	{                                                                                                              \
		type *handle;                                                                                          \
		Py_ssize_t size;                                                                                       \
		PyObject *room;                                                                                        \
		int64_t count;                                                                                         \
                                                                                                                       \
		(void)module;                                                                                          \
		if (!PyArg_ParseTuple(arguments, "O&n", to_handle, &handle, &size) ||                                  \
		    !(room = PyBytes_FromStringAndSize(NULL, size)))                                                   \
			return NULL;                                                                                   \
		Py_BEGIN_ALLOW_THREADS;                                                                                \
		count = courier_##name(handle, PyBytes_AS_STRING(room), (size_t)size);                                 \
		Py_END_ALLOW_THREADS;                                                                                  \
		if (count < 0)                                                                                         \
			Py_CLEAR(room);                                                                                \
		return count < 0 ? error_of(count) : _PyBytes_Resize(&room, (Py_ssize_t)count) ? NULL : room;          \
	}

#define SENDING(name, type)                                                                                            \
	static PyObject *name(PyObject *module, PyObject *arguments)                                                   \
	{                                                                                                              \
		type *handle;                                                                                          \
		const char *bytes;                                                                                     \
		Py_ssize_t size;                                                                                       \
		int64_t count;                                                                                         \
                                                                                                                       \
		(void)module;                                                                                          \
		if (!PyArg_ParseTuple(arguments, "O&y#", to_handle, &handle, &bytes, &size))                           \
			return NULL;                                                                                   \
		Py_BEGIN_ALLOW_THREADS;                                                                                \
		count = courier_##name(handle, bytes, (size_t)size);                                                   \
		Py_END_ALLOW_THREADS;                                                                                  \
		return count < 0 ? error_of(count) : PyLong_FromLongLong(count);                                       \
	}

#define ASKING(name, type)                                                                                             \
	static PyObject *name(PyObject *module, PyObject *number)                                                      \
	{                                                                                                              \
		type *handle;                                                                                          \
		int result;                                                                                            \
                                                                                                                       \
		(void)module;                                                                                          \
		if (!to_handle(number, &handle))                                                                       \
			return NULL;                                                                                   \
		Py_BEGIN_ALLOW_THREADS;                                                                                \
		result = courier_##name(handle);                                                                       \
		Py_END_ALLOW_THREADS;                                                                                  \
		return result < 0 ? error_of(result) : PyLong_FromLong(result);                                        \
	}

#define FREEING(name, type)                                                                                            \
	static PyObject *name(PyObject *module, PyObject *number)                                                      \
	{                                                                                                              \
		type *handle;                                                                                          \
                                                                                                                       \
		(void)module;                                                                                          \
		if (!to_handle(number, &handle))                                                                       \
			return NULL;                                                                                   \
		Py_BEGIN_ALLOW_THREADS;                                                                                \
		courier_##name(handle);                                                                                \
		Py_END_ALLOW_THREADS;                                                                                  \
		Py_RETURN_NONE;                                                                                        \
	}

#define DIALLING(name, type)                                                                                           \
	static PyObject *name(PyObject *module, PyObject *port)                                                        \
	{                                                                                                              \
		type *handle = NULL;                                                                                   \
		int result, number = (int)PyLong_AsLong(port);                                                         \
                                                                                                                       \
		(void)module;                                                                                          \
		Py_BEGIN_ALLOW_THREADS;                                                                                \
		result = courier_##name(number, &handle);                                                              \
		Py_END_ALLOW_THREADS;                                                                                  \
		return new_handle(result, handle);                                                                     \
	}

#define COUNTING(name)                                                                                                 \
	static PyObject *name(PyObject *module, PyObject *nothing)                                                     \
	{                                                                                                              \
		(void)module, (void)nothing;                                                                           \
		return PyLong_FromLong(courier_##name());                                                              \
	}

ASKING(daemon_port, courier_daemon)
RECEIVING(daemon_next_control, courier_daemon)
ASKING(daemon_wake, courier_daemon)
FREEING(daemon_free, courier_daemon)
DIALLING(stream_dial, courier_stream)
RECEIVING(stream_recv, courier_stream)
SENDING(stream_send, courier_stream)
ASKING(stream_wake, courier_stream)
FREEING(stream_free, courier_stream)
RECEIVING(half_recv, courier_half)
SENDING(half_send, courier_half)
ASKING(half_wake, courier_half)
FREEING(half_free, courier_half)
DIALLING(blob_open, courier_blob)
RECEIVING(blob_read, courier_blob)
ASKING(blob_wake, courier_blob)
FREEING(blob_free, courier_blob)
COUNTING(gate_violations)
COUNTING(gate_frees)
COUNTING(gate_last_freer)

/* ---- The others ---- */

static PyObject *daemon_start(PyObject *module, PyObject *nothing)
{
	courier_daemon *daemon = NULL;
	int result = courier_daemon_start(&daemon);

	(void)module, (void)nothing;
	return new_handle(result, daemon);
}

static PyObject *daemon_accept(PyObject *module, PyObject *number)
{
	courier_daemon *daemon;
	courier_stream *stream = NULL;
	int result;

	(void)module;
	if (!to_handle(number, &daemon))
		return NULL;
	Py_BEGIN_ALLOW_THREADS;
	result = courier_daemon_accept(daemon, &stream);
	Py_END_ALLOW_THREADS;
	return new_handle(result, stream);
}

static PyObject *send_control(PyObject *module, PyObject *arguments)
{
	int port, result;
	const char *message;

	(void)module;
	if (!PyArg_ParseTuple(arguments, "iy", &port, &message))
		return NULL;
	Py_BEGIN_ALLOW_THREADS;
	result = courier_send_control(port, message);
	Py_END_ALLOW_THREADS;
	return result < 0 ? error_of(result) : PyLong_FromLong(result);
}

static PyObject *stream_set_timeout(PyObject *module, PyObject *arguments)
{
	courier_stream *stream;
	int milliseconds;

	(void)module;
	if (!PyArg_ParseTuple(arguments, "O&i", to_handle, &stream, &milliseconds))
		return NULL;
	int result = courier_stream_set_timeout(stream, milliseconds);
	return result < 0 ? error_of(result) : PyLong_FromLong(result);
}

static PyObject *stream_split(PyObject *module, PyObject *number)
{
	courier_stream *stream;
	courier_half *reader = NULL, *writer = NULL;

	(void)module;
	if (!to_handle(number, &stream))
		return NULL;
	int result = courier_stream_split(stream, &reader, &writer);
	return result < 0 ? error_of(result) : Py_BuildValue("NN", from_handle(reader), from_handle(writer));
}

static PyObject *gate_await_inside(PyObject *module, PyObject *arguments)
{
	void *handle;
	int count;

	(void)module;
	if (!PyArg_ParseTuple(arguments, "O&i", to_handle, &handle, &count))
		return NULL;
	Py_BEGIN_ALLOW_THREADS;
	courier_gate_await_inside(handle, count);
	Py_END_ALLOW_THREADS;
	Py_RETURN_NONE;
}

static PyObject *gate_fail_split(PyObject *module, PyObject *nothing)
{
	(void)module, (void)nothing;
	courier_gate_fail_split();
	Py_RETURN_NONE;
}

/* ---- The module ---- */

static PyMethodDef methods[] = {
    {"daemon_start", daemon_start, METH_NOARGS, NULL},
    {"daemon_port", daemon_port, METH_O, NULL},
    {"daemon_accept", daemon_accept, METH_O, NULL},
    {"daemon_next_control", daemon_next_control, METH_VARARGS, NULL},
    {"daemon_wake", daemon_wake, METH_O, NULL},
    {"daemon_free", daemon_free, METH_O, NULL},
    {"send_control", send_control, METH_VARARGS, NULL},
    {"stream_dial", stream_dial, METH_O, NULL},
    {"stream_set_timeout", stream_set_timeout, METH_VARARGS, NULL},
    {"stream_recv", stream_recv, METH_VARARGS, NULL},
    {"stream_send", stream_send, METH_VARARGS, NULL},
    {"stream_wake", stream_wake, METH_O, NULL},
    {"stream_split", stream_split, METH_O, NULL},
    {"stream_free", stream_free, METH_O, NULL},
    {"half_recv", half_recv, METH_VARARGS, NULL},
    {"half_send", half_send, METH_VARARGS, NULL},
    {"half_wake", half_wake, METH_O, NULL},
    {"half_free", half_free, METH_O, NULL},
    {"blob_open", blob_open, METH_O, NULL},
    {"blob_read", blob_read, METH_VARARGS, NULL},
    {"blob_wake", blob_wake, METH_O, NULL},
    {"blob_free", blob_free, METH_O, NULL},
    {"gate_await_inside", gate_await_inside, METH_VARARGS, NULL},
    {"gate_fail_split", gate_fail_split, METH_NOARGS, NULL},
    {"gate_violations", gate_violations, METH_NOARGS, NULL},
    {"gate_frees", gate_frees, METH_NOARGS, NULL},
    {"gate_last_freer", gate_last_freer, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "by_extension", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit_by_extension(void); /* no header declares it */

PyMODINIT_FUNC PyInit_by_extension(void)
{
	return PyModule_Create(&module);
}
