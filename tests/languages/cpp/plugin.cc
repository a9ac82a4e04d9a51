/* Throws and catches: over an op, inside an op, outside of any. */
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <stdexcept>
#include <unwind.h>

extern "C" {
#include "gate.h"
}

static void throws(void *)
{
	throw std::runtime_error("thrown");
}

static bool caught(void (*function)(void *), void *argument)
{
	try {
		function(argument);
	} catch (const std::runtime_error &) {
		return true;
	}
	return false;
}

static void catches(void *)
{
	if (!caught(throws, nullptr))
		abort();
}

static void call_throwing(void *g)
{
	gate_call(static_cast<gate *>(g), throws, nullptr);
}

extern "C" void throw_through_op()
{
	gate *g = gate_open();
	if (!caught(call_throwing, g))
		abort();
	gate_close(g);
}

extern "C" void throw_inside_op()
{
	gate *g = gate_open();
	if (gate_call(g, catches, nullptr) != 4)
		abort();
	gate_close(g);
}

/* libunwind has functions of the same names. */
static bool unwinds_with_its_own()
{
	Dl_info object;
	return dladdr(reinterpret_cast<void *>(_Unwind_RaiseException), &object) &&
	       strstr(object.dli_fname, "libgcc_s");
}

extern "C" void throw_outside()
{
	if (!unwinds_with_its_own())
		abort();
	gate *g = gate_open();
	catches(nullptr);
	if (gate_touch(g) != 1)
		abort();
	gate_close(g);
}
