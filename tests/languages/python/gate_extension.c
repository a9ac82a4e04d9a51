/* A Python extension module that is linked with the library. Like any, it is loaded for itself alone (RTLD_LOCAL), and
 * the library with it; around a call that may wait it lets go of the interpreter's lock. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "gate.h"

static gate *handle_of(PyObject *number)
{
	return PyLong_AsVoidPtr(number);
}

static PyObject *extension_open(PyObject *self, PyObject *unused)
{
	(void)self, (void)unused;
	return PyLong_FromVoidPtr(gate_open());
}

static PyObject *extension_wait(PyObject *self, PyObject *number)
{
	(void)self;
	gate *g = handle_of(number);
	int result;
	Py_BEGIN_ALLOW_THREADS result = gate_wait(g);
	Py_END_ALLOW_THREADS return PyLong_FromLong(result);
}

static PyObject *extension_await_parked(PyObject *self, PyObject *arguments)
{
	(void)self;
	PyObject *number;
	int count;
	if (!PyArg_ParseTuple(arguments, "Oi", &number, &count))
		return NULL;
	gate *g = handle_of(number);
	Py_BEGIN_ALLOW_THREADS gate_await_parked(g, count);
	Py_END_ALLOW_THREADS Py_RETURN_NONE;
}

static PyObject *extension_let_go(PyObject *self, PyObject *number)
{
	(void)self;
	gate_let_go(handle_of(number));
	Py_RETURN_NONE;
}

static PyObject *extension_close(PyObject *self, PyObject *number)
{
	(void)self;
	gate_close(handle_of(number));
	Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"gate_open", extension_open, METH_NOARGS, NULL},
    {"gate_wait", extension_wait, METH_O, NULL},
    {"gate_await_parked", extension_await_parked, METH_VARARGS, NULL},
    {"gate_let_go", extension_let_go, METH_O, NULL},
    {"gate_close", extension_close, METH_O, NULL},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef module = {PyModuleDef_HEAD_INIT, .m_name = "gate_extension", .m_size = -1, .m_methods = methods};

PyMODINIT_FUNC PyInit_gate_extension(void)
{
	return PyModule_Create(&module);
}
