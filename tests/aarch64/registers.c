/* Every register on every path through the shim: as it went in it must arrive, and as it comes back it must return. */
#include "registers.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

enum { STACK = 8 }; /* place of a handle that is the first word on the stack */

struct probe {
	const char *name;
	void (*function)(void);
	int handle, other; /* places; -1: none */
	int stack_words;   /* that are handed on */
};

static const struct probe probes[] = {
    {"probe_0", probe_0, 0, -1, 0},
    {"probe_1", probe_1, 1, -1, 0},
    {"probe_2", probe_2, 2, -1, 0},
    {"probe_3", probe_3, 3, -1, 0},
    {"probe_4", probe_4, 4, -1, 0},
    {"probe_5", probe_5, 5, -1, 0},
    {"probe_6", probe_6, 6, -1, 0},
    {"probe_7", probe_7, 7, -1, 0},
    {"probe_0_stacked", probe_0_stacked, 0, -1, 8},
    {"probe_7_stacked", probe_7_stacked, 7, -1, 7},
    {"probe_8", probe_8, STACK, -1, 8},
    {"probe_two", probe_two, 1, 6, 8},
    {"probe_allowed", probe_allowed, 0, -1, 8},
};
static const struct probe ender = {"probe_free", probe_free, 3, -1, 8},
                          maker = {"probe_create", probe_create, -1, -1, 8};

enum { PROBE_COUNT = sizeof probes / sizeof *probes };

static int failures, checks;
static uint64_t vector_size = 16;
static bool guarding;

static void fail(const struct probe *probe, const char *path, const char *what, int which)
{
	if (failures++ < 40)
		printf("%s, %s: %s %d\n", probe->name, path, what, which);
}

static void fill(void *to, size_t size)
{
	static uint64_t state = 88172645463325252;
	for (size_t i = 0; i < size; i++) {
		state ^= state << 13, state ^= state >> 7, state ^= state << 17;
		((uint8_t *)to)[i] = (uint8_t)(state >> 32);
	}
}

static struct registers in, out;

static void prepare(void)
{
	fill(&in, sizeof in);
	fill(&probe_answer, sizeof probe_answer);
	in.scalable = out.scalable = probe_seen.scalable = vector_size;
	in.fpcr = 1 << 22; /* rounds upwards */
	in.fpsr = 1 << 4 | 1 << 27;
}

static void place(uint64_t handle, int where)
{
	if (where == STACK)
		in.stack[0] = handle;
	else if (where >= 0)
		in.x[where] = handle;
}

static void same(const struct probe *probe, const char *path, const char *what, int which, const void *a, const void *b,
                 size_t size)
{
	checks++;
	if (memcmp(a, b, size) != 0)
		fail(probe, path, what, which);
}

static void check_arrival(const struct probe *probe, const char *path)
{
	for (int i = 0; i <= 8; i++)
		same(probe, path, "on arrival x", i, &in.x[i], &probe_seen.x[i], 8);
	same(probe, path, "on arrival x", 18, &in.x[18], &probe_seen.x[18], 8);
	for (int i = 0; i < 32; i++)
		same(probe, path, "on arrival z", i, in.z[i], probe_seen.z[i], vector_size);
	for (int i = 0; vector_size > 16 && i < 16; i++)
		same(probe, path, "on arrival p", i, in.p[i], probe_seen.p[i], vector_size / 8);
	same(probe, path, "on arrival fpcr", 0, &in.fpcr, &probe_seen.fpcr, 8);
	same(probe, path, "on arrival fpsr", 0, &in.fpsr, &probe_seen.fpsr, 8);
	for (int i = 0; i < probe->stack_words; i++)
		same(probe, path, "on arrival stack word", i, &in.stack[i], &probe_seen.stack[i], 8);
	if (probe_seen.x[31] % 16)
		fail(probe, path, "on arrival the stack is misaligned", 0);
}

/* What belongs to the caller. */
static void check_kept(const struct probe *probe, const char *path)
{
	for (int i = 19; i <= 29; i++)
		same(probe, path, "on return x", i, &in.x[i], &out.x[i], 8);
	for (int i = 8; i < 16; i++)
		same(probe, path, "on return d", i, in.z[i], out.z[i], 8);
	for (int i = 8; vector_size > 16 && i < 24; i++)
		same(probe, path, "on return z", i, in.z[i], out.z[i], vector_size);
	for (int i = 4; vector_size > 16 && i < 16; i++)
		same(probe, path, "on return p", i, in.p[i], out.p[i], vector_size / 8);
	same(probe, path, "on return fpcr", 0, &in.fpcr, &out.fpcr, 8);
	same(probe, path, "on return fpsr", 0, &in.fpsr, &out.fpsr, 8);
}

static void check_answer(const struct probe *probe, const char *path)
{
	same(probe, path, "on return x", 0, &probe_answer.x[0], &out.x[0], 8);
	same(probe, path, "on return x", 1, &probe_answer.x[1], &out.x[1], 8);
	for (int i = 0; i < 4; i++)
		same(probe, path, "on return q", i, probe_answer.z[i], out.z[i], 16);
	check_kept(probe, path);
}

static void run(const struct probe *probe, uint64_t handle, uint64_t other, const char *path)
{
	uint64_t calls = probe_calls;
	prepare();
	place(handle, probe->handle);
	place(other, probe->other);
	errno = EDOM;
	call_with((void *)probe->function, &in, &out);
	if (errno != EDOM)
		fail(probe, path, "errno is", errno);
	if (probe_calls != calls + 1)
		fail(probe, path, "not called once but times", (int)(probe_calls - calls));
	check_arrival(probe, path);
	check_answer(probe, path);
}

static void run_away(const struct probe *probe, uint64_t handle, uint64_t other, const char *path)
{
	static const struct registers rejected = {.x = {77, 0}, .z = {{77}}};
	uint64_t calls = probe_calls;
	if (!guarding)
		return;
	prepare();
	place(handle, probe->handle);
	place(other, probe->other);
	call_with((void *)probe->function, &in, &out);
	if (probe_calls != calls)
		fail(probe, path, "not rejected", 0);
	for (int i = 0; i < 2; i++)
		same(probe, path, "rejected with x", i, &rejected.x[i], &out.x[i], 8);
	for (int i = 0; i < 4; i++)
		same(probe, path, "rejected with q", i, rejected.z[i], out.z[i], 16);
	check_kept(probe, path);
}

static uint64_t fresh(void)
{
	static uint64_t last = UINT64_C(0x7700000000);
	return last += 16;
}

static void *elsewhere(void *handle)
{
	static struct registers own_in, own_out;
	own_in = in;
	own_in.x[0] = (uint64_t)handle;
	own_out.scalable = own_in.scalable;
	call_with((void *)probe_0, &own_in, &own_out);
	return NULL;
}

static void share(uint64_t handle)
{
	pthread_t thread;
	prepare();
	pthread_create(&thread, NULL, elsewhere, (void *)handle);
	pthread_join(thread, NULL);
}

static void try_op(const struct probe *probe)
{
	uint64_t handle = fresh(), other = fresh();
	run(probe, handle, other, "first call");
	run(probe, handle, other, "handle in the cache");
	run(probe, handle, other, "again");
	run(probe, fresh(), other, "another handle");
	run(&ender, handle, 0, "free");
	run_away(&ender, handle, 0, "repeated free");
	run_away(probe, handle, other, "late");
}

int main(int argc, char **argv)
{
	guarding = argc > 1 && strcmp(argv[1], "guard") == 0;
	if (getauxval(AT_HWCAP) & HWCAP_SVE)
		vector_size = scalable_size();
	for (int i = 0; i < PROBE_COUNT; i++)
		try_op(&probes[i]);
	uint64_t handle = fresh();
	run(&maker, 0, 0, "create");
	share(handle);
	run(&probes[0], handle, 0, "shared handle");
	run(&probes[0], handle, 0, "shared handle, again");
	run(&ender, handle, 0, "free of a shared handle");
	printf("%d checks with vectors of %u bytes, %d failures\n", checks, (unsigned)vector_size, failures);
	return failures != 0;
}
