/* Shared handles: which call adds a claim, which drops one, and which one ends the handle. */
#include <stdlib.h>

#include "guarded.h"
#include "protocol/life.h"

#define MANIFEST                                                                                                       \
	"classes:\n"                                                                                                   \
	"  leaf: {shared: acquire, reject: -7}\n"                                                                      \
	"  wire: {type: int32, none: [-1], reject: -7, shared: create}\n"                                              \
	"  cable: {type: int32, none: [-1], reject: -7, shared: create, severing: pass}\n"                             \
	"functions:\n"                                                                                                 \
	"  new: {create: leaf}\n"                                                                                      \
	"  new_floating: {create: leaf, floating: true}\n"                                                             \
	"  ref: {acquire: {leaf: 0}}\n"                                                                                \
	"  sink: {acquire: {leaf: 0}, sink: true}\n"                                                                   \
	"  unref: {release: {leaf: 0}}\n"                                                                              \
	"  touch: {op: {leaf: 0}}\n"                                                                                   \
	"  connect: {create: wire}\n"                                                                                  \
	"  disconnect: {free: {wire: 0}, deferred: 5}\n"                                                               \
	"  send: {op: {wire: 0}}\n"                                                                                    \
	"  plug: {create: cable}\n"                                                                                    \
	"  unplug: {free: {cable: 0}, deferred: 5}\n"                                                                  \
	"  carry: {op: {cable: 0}}\n"
enum { LEAF, WIRE, CABLE };

static unsigned reached;

static uint64_t give(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	(void)b, (void)c, (void)d, (void)e, (void)f;
	reached++;
	return a;
}

static void set_up(void)
{
	static const char *const names[] = {"new",     "new_floating", "ref",  "sink", "unref",  "touch",
	                                    "connect", "disconnect",   "send", "plug", "unplug", "carry"};
	start_guarded(MANIFEST);
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
		bind_function(names[i], give);
}

static bool lives(unsigned class, uint64_t value)
{
	return hg_guard_lives(guard_of(class, value));
}

/* Of another thread. */
static void *connect_wire(void *unused)
{
	(void)unused;
	return (void *)CALL("connect", 3);
}

static void *plug_cable(void *unused)
{
	(void)unused;
	return (void *)CALL("plug", 3);
}

START_TEST(the_last_release_ends_the_handle)
{
	set_up();
	CALL("new", 10);
	CALL("ref", 10);
	ck_assert_uint_eq(CALL("unref", 10), 10);
	ck_assert_uint_eq(CALL("touch", 10), 10);
	ck_assert_uint_eq(CALL("unref", 10), 10);
	ck_assert(!lives(LEAF, 10));
	ck_assert_int_eq((int)CALL("touch", 10), -7);
	ck_assert_uint_eq(reached, 5);
	ck_assert_uint_eq(counted(LEAF, HG_CLASS_FREED), 1);
}
END_TEST

START_TEST(a_release_too_many_is_not_made)
{
	set_up();
	CALL("new", 10);
	CALL("unref", 10);
	reached = 0;
	ck_assert_int_eq((int)CALL("unref", 10), -7);
	ck_assert_uint_eq(reached, 0);
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 1);
}
END_TEST

START_TEST(a_dead_handle_is_not_acquired)
{
	set_up();
	CALL("new", 10);
	CALL("unref", 10);
	ck_assert_int_eq((int)CALL("ref", 10), -7);
	ck_assert(!lives(LEAF, 10));
	ck_assert_uint_eq(findings_of(HG_KIND_LATE_OP, NULL), 1);
}
END_TEST

/* The first claim is nobody's till it is taken over: two are one. */
START_TEST(a_floating_claim_is_taken_over_once)
{
	set_up();
	CALL("new_floating", 10);
	CALL("sink", 10);
	CALL("sink", 10);
	CALL("unref", 10);
	ck_assert(lives(LEAF, 10));
	CALL("unref", 10);
	ck_assert(!lives(LEAF, 10));
}
END_TEST

START_TEST(without_a_sink_the_floating_claim_counts)
{
	set_up();
	CALL("new_floating", 10);
	CALL("ref", 10);
	CALL("unref", 10);
	ck_assert(lives(LEAF, 10));
}
END_TEST

START_TEST(of_a_handle_that_nobody_saw_made_no_count_is_known)
{
	set_up();
	for (int i = 0; i < 3; i++)
		ck_assert_uint_eq(CALL("unref", 10), 10);
	ck_assert_uint_eq(findings_of(HG_KIND_REPEAT_FREE, NULL), 0);
}
END_TEST

START_TEST(a_create_that_returns_what_there_is_adds_a_claim)
{
	set_up();
	CALL("connect", 3);
	CALL("connect", 3);
	ck_assert_uint_eq(generation(guard_of(WIRE, 3)), 1);
	ck_assert_uint_eq(counted(WIRE, HG_CLASS_CREATED), 1);
	ck_assert_uint_eq(findings_of(HG_KIND_REBORN, NULL), 0);
}
END_TEST

START_TEST(a_free_that_would_cut_another_off_is_withheld)
{
	set_up();
	CALL("connect", 3);
	join(spawn(connect_wire, NULL));
	reached = 0;
	ck_assert_uint_eq(CALL("disconnect", 3), 5);
	ck_assert_uint_eq(reached, 0);
	ck_assert(lives(WIRE, 3));
	ck_assert_uint_eq(CALL("send", 3), 3);
	ck_assert_uint_eq(findings_of(HG_KIND_SEVERED, NULL), 1);
	ck_assert_uint_eq(CALL("disconnect", 3), 3); /* the other one's: the last */
	ck_assert(!lives(WIRE, 3));
}
END_TEST

START_TEST(where_the_class_lets_it_pass_it_is_made)
{
	set_up();
	CALL("plug", 3);
	join(spawn(plug_cable, NULL));
	reached = 0;
	ck_assert_uint_eq(CALL("unplug", 3), 3);
	ck_assert_uint_eq(reached, 1);
	ck_assert_int_eq((int)CALL("carry", 3), -7);
	ck_assert_uint_eq(findings_of(HG_KIND_SEVERED, NULL), 1);
}
END_TEST

START_TEST(only_observed_it_is_made_too)
{
	setenv("HANDLEGUARD_MODE", "observe", 1);
	set_up();
	CALL("connect", 3);
	join(spawn(connect_wire, NULL));
	reached = 0;
	ck_assert_uint_eq(CALL("disconnect", 3), 3);
	ck_assert_uint_eq(reached, 1);
	ck_assert_uint_eq(findings_of(HG_KIND_SEVERED, NULL), 1);
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: shared handles", the_last_release_ends_the_handle, a_release_too_many_is_not_made,
	                 a_dead_handle_is_not_acquired, a_floating_claim_is_taken_over_once,
	                 without_a_sink_the_floating_claim_counts, of_a_handle_that_nobody_saw_made_no_count_is_known,
	                 a_create_that_returns_what_there_is_adds_a_claim,
	                 a_free_that_would_cut_another_off_is_withheld, where_the_class_lets_it_pass_it_is_made,
	                 only_observed_it_is_made_too);
}
