/* Calls every generated function past the shim and through it, on every path that the shim has; what the function got
 * and what its caller got back must be the same. Usage: abi_matrix guard|observe|alone, by what stands before the
 * library. */
#include "matrix.h"

#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "library.h"
#include "parts.h"
#include "worker.h"

enum { ERRNO_BEFORE = 111, FAILURES_TOLD = 25 };

/* What one call got, and what its caller got back. */
struct outcome {
	_Alignas(64) unsigned char result[ABI_RESULT_SIZE];
	struct abi_seen seen;
	uint64_t out;
	int error;
};

struct room {
	_Alignas(64) unsigned char arguments[ABI_ARGUMENTS_SIZE];
	uint64_t handle, out;
	struct outcome bare, shim;
};

static bool guarding;
static atomic_uint failures, compared;

static void fail(const struct abi_case *which, const char *path, const char *what, unsigned number)
{
	if (atomic_fetch_add(&failures, 1) < FAILURES_TOLD)
		printf("%s, %s: %s %u\n", which->name, path, what, number);
}

/* --- one call --- */

static void set_handle(const struct abi_case *which, struct room *room, uint64_t handle)
{
	static const size_t width[] = {8, 8, 4, 1};
	room->handle = handle;
	if (which->handle >= 0 && which->role != ABI_OP_AT)
		memcpy(room->arguments + which->handle, &handle, width[which->handle_class]);
}

static void prepare(const struct abi_case *which, struct room *room, uint64_t handle)
{
	uint64_t state = atomic_load(&compared) * 7919;
	for (const struct abi_field *field = which->fields; field->leaves; field++) {
		void *at = room->arguments + field->offset, *handle_at = &room->handle, *out_at = &room->out;
		if (field->leaves->kind == ABI_AT)
			memcpy(at, &handle_at, sizeof handle_at);
		else if (field->leaves->kind == ABI_OUT)
			memcpy(at, &out_at, sizeof out_at);
		else
			abi_fill(at, field->leaves, abi_next(&state));
	}
	set_handle(which, room, handle);
}

static void make_call(const struct abi_case *which, bool bare, struct room *room, struct outcome *outcome)
{
	room->out = UINT64_MAX;
	memset(outcome->result, 0xa5, sizeof outcome->result);
	errno = ERRNO_BEFORE;
	which->call(bare, room->arguments, outcome->result);
	outcome->error = errno;
	outcome->seen = *abi_seen_here();
	outcome->out = room->out;
}

static void compare(const struct abi_case *which, const struct room *room, const char *path)
{
	const struct outcome *bare = &room->bare, *shim = &room->shim;
	atomic_fetch_add(&compared, 1);
	if (shim->seen.calls != bare->seen.calls + 1) {
		fail(which, path, "the function was not called once, but times",
		     (unsigned)(shim->seen.calls - bare->seen.calls));
		return;
	}
	for (unsigned i = 0; i < bare->seen.count; i++)
		if (shim->seen.arguments[i] != bare->seen.arguments[i])
			fail(which, path, "changed on its way: argument", i);
	if (which->result && !abi_same(bare->result, shim->result, which->result))
		fail(which, path, "changed on its way: the result", 0);
	if (shim->out != bare->out)
		fail(which, path, "changed: the out-argument", 0);
	if (shim->error != ABI_ERRNO)
		fail(which, path, "errno is", (unsigned)shim->error);
	if (shim->seen.misaligned)
		fail(which, path, "misaligned stack", 0);
}

/* Past the shim, then through it. */
static void agree(const struct abi_case *which, struct room *room, uint64_t handle, const char *path)
{
	prepare(which, room, handle);
	make_call(which, true, room, &room->bare);
	make_call(which, false, room, &room->shim);
	compare(which, room, path);
}

static bool rejects_as_said(const struct abi_case *which, const unsigned char *result)
{
	uint64_t expected[ABI_RESULT_SIZE / sizeof(uint64_t)] = {which->reject};
	for (const struct abi_leaf *leaf = which->result; leaf && leaf->size; leaf++) {
		size_t sure = which->reject_size > leaf->offset ? which->reject_size - leaf->offset : 0;
		size_t size = abi_bytes_that_count(leaf);
		if (memcmp(result + leaf->offset, (char *)expected + leaf->offset, sure < size ? sure : size) != 0)
			return false;
	}
	return true;
}

static void turned_away(const struct abi_case *which, struct room *room, uint64_t handle, const char *path)
{
	if (!guarding) {
		agree(which, room, handle, path);
		return;
	}
	prepare(which, room, handle);
	uint64_t calls = abi_seen_here()->calls;
	make_call(which, false, room, &room->shim);
	const struct outcome *got = &room->shim;
	atomic_fetch_add(&compared, 1);
	if (got->seen.calls != calls)
		fail(which, path, "not rejected", 0);
	if (!rejects_as_said(which, got->result))
		fail(which, path, "not what the manifest rejects with", 0);
	if (got->error != (which->reject_errno ? which->reject_errno : ERRNO_BEFORE))
		fail(which, path, "errno is", (unsigned)got->error);
	if (which->puts && got->out != 0)
		fail(which, path, "the out-argument was not zeroed", 0);
}

/* --- two threads --- */

/* An op that stays inside until a free waits for it. */
struct meeting {
	const struct abi_case *op;
	uint64_t handle;
	sem_t inside;
	atomic_bool freed;
	struct room *room, *inner;
};

static void touch(void *argument)
{
	const struct meeting *meeting = argument;
	touch_handle(meeting->op->handle_class, meeting->handle);
}

static void share_handle(const struct abi_case *which, uint64_t handle)
{
	struct meeting meeting = {.op = which, .handle = handle};
	ask_worker(touch, &meeting);
	await_worker();
}

/* Other ops are rejected as soon as the free has begun; where nobody guards, the free just comes back. */
static void stay_until_freed(void *argument)
{
	struct meeting *meeting = argument;
	sem_post(&meeting->inside);
	while (touch_handle(meeting->op->handle_class, meeting->handle) && !atomic_load(&meeting->freed))
		sched_yield();
	if (meeting->op->role == ABI_OP_ALLOWED)
		agree(meeting->op, meeting->inner, meeting->handle, "allowed while a free waits");
}

static void hold(void *argument)
{
	struct meeting *meeting = argument;
	struct room *room = meeting->room;
	prepare(meeting->op, room, meeting->handle);
	make_call(meeting->op, true, room, &room->bare);
	abi_when_inside(stay_until_freed, meeting);
	make_call(meeting->op, false, room, &room->shim);
	compare(meeting->op, room, "leaving while a free waits");
}

static const struct abi_case *next_free(enum abi_class class);

static void meet(const struct abi_case *which, struct room *room)
{
	static struct room rooms[2];
	struct meeting meeting = {
	    .op = which, .handle = opened_handle(which->handle_class), .room = &rooms[0], .inner = &rooms[1]};
	const struct abi_case *partner = next_free(which->handle_class);
	unsigned closed = abi_closed();
	sem_init(&meeting.inside, 0, 0);
	ask_worker(hold, &meeting);
	sem_wait(&meeting.inside);
	if (partner)
		agree(partner, room, meeting.handle, "waiting for an op");
	else
		close_handle(which->handle_class, meeting.handle);
	atomic_store(&meeting.freed, true);
	await_worker();
	if (!partner && abi_closed() != closed + 1)
		fail(which, "freed while inside", "how often the real free was called:", abi_closed() - closed);
}

/* --- every path --- */

static void try_op(const struct abi_case *which, struct room *room)
{
	uint64_t first = unmet_handle(which->handle_class), second = opened_handle(which->handle_class);
	agree(which, room, first, "first call");
	agree(which, room, first, "same handle");
	agree(which, room, second, "another handle");
	agree(which, room, second, "another handle again");
	close_handle(which->handle_class, second);
	turned_away(which, room, second, "late");
	meet(which, room);
}

static void try_free(const struct abi_case *which, struct room *room)
{
	uint64_t first = unmet_handle(which->handle_class), shared;
	agree(which, room, first, "first call");
	turned_away(which, room, first, "repeated free");
	agree(which, room, opened_handle(which->handle_class), "free of a private handle");
	shared = opened_handle(which->handle_class);
	share_handle(which, shared);
	agree(which, room, shared, "free of a shared handle");
}

static void try_create(const struct abi_case *which, struct room *room)
{
	uint64_t made = 0;
	agree(which, room, 0, "first call");
	agree(which, room, 0, "next call");
	make_call(which, false, room, &room->shim);
	if (which->role == ABI_CREATE_OUT)
		made = room->out;
	else
		memcpy(&made, room->shim.result, which->result->size);
	if (!touch_handle(which->handle_class, made))
		fail(which, "created", "a new handle is rejected", 0);
	close_handle(which->handle_class, made);
	if (guarding && touch_handle(which->handle_class, made))
		fail(which, "created", "a closed handle is not rejected", 0);
}

static void try_case(const struct abi_case *which, struct room *room)
{
	if (which->role == ABI_FREE)
		try_free(which, room);
	else if (which->handle < 0)
		try_create(which, room);
	else
		try_op(which, room);
}

/* --- all cases --- */

static bool supported(enum abi_isa isa)
{
#if defined(__x86_64__)
	switch (isa) {
	case ABI_ISA_AVX:
		return __builtin_cpu_supports("avx");
	case ABI_ISA_AVX512:
		return __builtin_cpu_supports("avx512f");
	default:
		return true;
	}
#else
	return isa == ABI_ISA_BASE;
#endif
}

static const struct abi_case *case_at(unsigned index)
{
	for (unsigned part = 0; part < ABI_PARTS; part++) {
		if (!supported(abi_parts[part]->isa))
			continue;
		if (index < abi_parts[part]->count)
			return &abi_parts[part]->cases[index];
		index -= abi_parts[part]->count;
	}
	return NULL;
}

/* Takes turns. NULL: only the plain close ends handles of this class. */
static const struct abi_case *next_free(enum abi_class class)
{
	static unsigned next[4];
	for (int round = 0; round < 2; round++) {
		const struct abi_case *which;
		while ((which = case_at(next[class]++)) != NULL)
			if (which->role == ABI_FREE && which->handle_class == class)
				return which;
		next[class] = 0;
	}
	return NULL;
}

int abi_missing(void *handle) __attribute__((weak));

/* Called, but its address is not taken: that would be null. */
static void try_missing(void)
{
	static const struct abi_case missing = {.name = "abi_missing"};
	errno = 0;
	if (guarding && (abi_missing((void *)16) != -3 || errno != ENOSYS))
		fail(&missing, "no library defines it", "does not reject as the manifest says, errno", (unsigned)errno);
}

int main(int argc, char **argv)
{
	static struct room room;
	const struct abi_case *which;
	unsigned count = 0;
	if (argc != 2)
		return 2;
	guarding = strcmp(argv[1], "guard") == 0;
	start_worker();
	for (; (which = case_at(count)) != NULL; count++)
		try_case(which, &room);
	try_missing();
	end_worker();
	printf("%u functions, %u calls compared, %u failures%s\n", count, atomic_load(&compared),
	       atomic_load(&failures),
	       supported(ABI_ISA_AVX512) ? "" : " (this processor has no AVX-512: its part was left out)");
	return atomic_load(&failures) != 0;
}
