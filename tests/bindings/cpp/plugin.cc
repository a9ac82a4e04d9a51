/* Throws and catches: over an op, inside an op, outside of any. */
#include <cstdlib>
#include <stdexcept>

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

extern "C" void throw_outside()
{
	gate *g = gate_open();
	catches(nullptr);
	if (gate_touch(g) != 1)
		abort();
	gate_close(g);
}
