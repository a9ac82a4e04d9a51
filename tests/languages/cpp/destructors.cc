/* Destructors of a thread's and of the program's own objects use their gates and close them. */
#include <cstdio>
#include <cstdlib>
#include <thread>

extern "C" {
#include "gate.h"
}

struct owner {
	gate *g = gate_open();
	~owner()
	{
		if (gate_touch(g) != 1)
			abort();
		gate_close(g);
	}
};

static owner of_program;
static thread_local owner of_thread;

static void touch()
{
	if (gate_touch(of_thread.g) != 1)
		abort();
}

int main()
{
	std::thread(touch).join();
	touch();
	if (gate_touch(of_program.g) != 1)
		abort();
	puts("done");
	return 0;
}
