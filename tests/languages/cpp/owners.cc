/* An owner made of templates closes a gate that was closed before. */
#include <cstdio>
#include <functional>
#include <memory>

extern "C" {
#include "gate.h"
}

template <typename Handle> struct closer {
	void operator()(Handle *handle) const
	{
		gate_close(handle);
	}
};

using owner = std::unique_ptr<gate, closer<gate>>;

template <typename Owner> static void close_again(Owner &held)
{
	gate_close(held.get());
}

int main()
{
	owner held(gate_open());
	std::function<void(owner &)> again = close_again<owner>;
	again(held);
	held.reset();
	puts("done");
	return 0;
}
