/* Whose call is held next: a free that was held leaves the next hold to the ops that came near it. */
#include "base/options.h"
#include "harness.h"
#include "provoke/budget.h"
#include "provoke/turns.h"

enum { DELAY = 10, MANY = 1000 };

static void provoke(void)
{
	hg_options.provoke = true;
	hg_options.delay = DELAY;
	hg_options.budget = 100;
	hg_options.seed = 1;
	hg_options.points = 1 << HG_POINT_BEFORE | 1 << HG_POINT_CLAIM;
	hg_budget_start();
	hg_turns_start();
}

/* A call of the site at which it is held, and that is over in vain. Zero: none of many was. */
static uint32_t hold_next(struct hg_site *site, enum hg_point point)
{
	for (uint32_t call = 1; call < MANY; call++) {
		site->met++;
		if (hg_turn_at(site, point, site->met) == 0)
			continue;
		hg_turn_over(site, point);
		return call;
	}
	return 0;
}

START_TEST(a_free_that_was_held_lets_some_pass)
{
	struct hg_site free = {.key = 1, .text = "free@p+0x1", .paired = true};
	provoke();
	ck_assert_uint_eq(hold_next(&free, HG_POINT_CLAIM), 1);
	ck_assert_uint_gt(hold_next(&free, HG_POINT_CLAIM), 8);
}
END_TEST

START_TEST(it_does_not_once_an_op_was_held)
{
	struct hg_site free = {.key = 1, .text = "free@p+0x1", .paired = true};
	struct hg_site op = {.key = 2, .text = "op@p+0x2", .paired = true};
	provoke();
	ck_assert_uint_eq(hold_next(&free, HG_POINT_CLAIM), 1);
	ck_assert_uint_eq(hold_next(&op, HG_POINT_BEFORE), 1);
	atomic_store(&free.fruitless, 0);
	ck_assert_uint_eq(hold_next(&free, HG_POINT_CLAIM), 1);
}
END_TEST

START_TEST(ops_do_not)
{
	struct hg_site op = {.key = 2, .text = "op@p+0x2", .paired = true};
	provoke();
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_uint_eq(hold_next(&op, HG_POINT_BEFORE), 1);
		atomic_store(&op.fruitless, 0);
	}
}
END_TEST

int main(void)
{
	return RUN_SUITE("shim: turns", a_free_that_was_held_lets_some_pass, it_does_not_once_an_op_was_held,
	                 ops_do_not);
}
