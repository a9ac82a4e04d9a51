/* Findings that name the holders of handles, limits, and what these stand on: where claims lie, and which object a call
 * is in. */
#include "finding/holders.h"

#include <stdlib.h>

#include "finding/limit.h"
#include "format/image.h"
#include "harness.h"
#include "protocol/tables.h"
#include "record/modules.h"

static const struct hg_class *shared_class(uint32_t limit)
{
	return hg_class_add(&(struct hg_class_description){.name = "line",
	                                                   .manifest = "test",
	                                                   .flags = HG_CLASS_SHARED,
	                                                   .deadline_ms = 1000,
	                                                   .mask = UINT64_MAX,
	                                                   .limit = limit});
}

static void add(struct hg_guard *guard, uint64_t serial, uint64_t site)
{
	struct hg_claimant who = {.serial = 1000 + serial, .site = site, .event = event_now()};
	ck_assert(hg_claims_add(guard, 1, &who, false));
}

static const struct hg_record_party *nth_party(const struct hg_record_finding *finding, unsigned n)
{
	const struct hg_record_party *party = NULL;
	for (unsigned i = 0; i <= n; i++)
		party = hg_reader_party(finding, party);
	return party;
}

START_TEST(a_limit_is_told_each_time_it_is_reached)
{
	start();
	const struct hg_class *class = shared_class(3);
	struct hg_event event = event_now();
	struct hg_guard *last = NULL;
	for (uint64_t value = 1; value <= 2; value++)
		hg_limit_came(born(class, value), &event);
	ck_assert_uint_eq(findings_of(HG_KIND_EXHAUSTED, NULL), 0);
	for (int i = 0; i < 2; i++) {
		last = born(class, 3);
		hg_limit_came(last, &event);
		hg_limit_came(born(class, 4), &event);
		hg_limit_went(class);
		hg_limit_went(class);
	}
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_EXHAUSTED, &finding), 2);
	ck_assert_uint_eq(finding->value, 3);
	ck_assert_uint_eq(finding->party_count, 4);
	uint64_t values = 0;
	for (unsigned i = 1; i <= 3; i++) {
		ck_assert_uint_eq(nth_party(finding, i)->role, HG_PARTY_HOLDER);
		values |= 1u << nth_party(finding, i)->value;
	}
	ck_assert_uint_eq(values, 2 | 4 | 8);
	ck_assert_uint_eq(finding->unlisted_handles, 0);
	ck_assert_uint_eq(hg_reader_class(read_back(), class->index)->limit, 3);
}
END_TEST

START_TEST(what_a_list_has_no_room_for_is_counted)
{
	start();
	enum { HANDLES = HG_PARTY_MAX + 11 };
	const struct hg_class *class = shared_class(HANDLES);
	struct hg_event event = event_now();
	struct hg_guard *guard = born(class, 1);
	add(guard, 5, 0x50);
	add(guard, 6, 0x60);
	hg_limit_came(guard, &event);
	for (uint64_t value = 2; value <= HANDLES; value++)
		hg_limit_came(born(class, value), &event);
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_EXHAUSTED, &finding), 1);
	ck_assert_uint_eq(finding->party_count, HG_PARTY_MAX);
	ck_assert_uint_eq(finding->unlisted_handles, HANDLES - (HG_PARTY_MAX - 1));
	ck_assert_uint_eq(finding->unlisted_holders, 2);
	ck_assert_uint_eq(counter(HG_COUNTER_PARTIES_CUT), 0);
}
END_TEST

START_TEST(a_severing_names_who_was_cut_off)
{
	start();
	struct hg_guard *guard = born(shared_class(0), 7);
	struct hg_claim_list cut;
	struct hg_event call = event_now();
	add(guard, 1, 0x10);
	add(guard, 2, 0x20);
	add(guard, 2, 0x20);
	hg_claims_list(guard, 1, &cut);
	hg_report_severed(guard, 1, &call, &cut, HG_FINDING_WITHHELD);
	const struct hg_record_finding *finding;
	ck_assert_uint_eq(findings_of(HG_KIND_SEVERED, &finding), 1);
	ck_assert_uint_eq(finding->flags, HG_FINDING_WITHHELD);
	ck_assert_uint_eq(finding->party_count, 5);
	ck_assert_uint_eq(nth_party(finding, 0)->role, HG_PARTY_CALL);
	ck_assert_uint_eq(nth_party(finding, 3)->role, HG_PARTY_HOLDER);
	ck_assert_uint_eq(nth_party(finding, 3)->claims, 2);
	ck_assert_uint_eq(nth_party(finding, 3)->value, 7);
	ck_assert_uint_eq(nth_party(finding, 4)->role, HG_PARTY_CREATE);
}
END_TEST

START_TEST(guards_of_other_classes_are_no_larger)
{
	start();
	const struct hg_class *plain = new_flagged_class(1000, 0), *shared = shared_class(0);
	struct hg_guard *first = born(plain, 1), *second = born(plain, 2);
	ck_assert_uint_eq((uint64_t)second - (uint64_t)first, sizeof(struct hg_guard));
	first = born(shared, 1);
	second = born(shared, 2);
	ck_assert_uint_eq((uint64_t)second - (uint64_t)first, sizeof(struct hg_guard) + sizeof(struct hg_guard_claims));
	ck_assert_ptr_eq(hg_guard_claims(first), first + 1);
}
END_TEST

START_TEST(claims_lie_behind_what_else_a_class_keeps)
{
	start();
	const struct hg_class *class = hg_class_add(&(struct hg_class_description){
	    .name = "both", .manifest = "test", .flags = HG_CLASS_SHARED | HG_CLASS_SERIALISED, .mask = UINT64_MAX});
	struct hg_guard *guard = born(class, 1);
	struct hg_guard *next = born(class, 2);
	struct hg_claim_list held;
	ck_assert_ptr_eq(hg_guard_claims(guard), hg_guard_more(guard) + 1);
	ck_assert((uint64_t)(hg_guard_claims(guard) + 1) <= (uint64_t)next);
	add(guard, 1, 0x10);
	ck_assert_uint_eq(atomic_load(&hg_guard_more(guard)->user), 0);
	hg_claims_list(guard, 1, &held);
	ck_assert_uint_eq(held.count, 2);
}
END_TEST

START_TEST(a_call_site_is_in_an_object)
{
	start();
	uint32_t test = hg_module_at((uint64_t)shared_class), libc = hg_module_at((uint64_t)malloc);
	ck_assert_uint_ne(test, HG_NO_MODULE);
	ck_assert_uint_ne(libc, HG_NO_MODULE);
	ck_assert_uint_ne(test, libc);
	ck_assert_uint_eq(hg_module_at(0), HG_NO_MODULE);
	ck_assert_uint_eq(hg_module_at((uint64_t)&test), HG_NO_MODULE);
}
END_TEST

int main(void)
{
	return RUN_SUITE("holders", a_limit_is_told_each_time_it_is_reached, what_a_list_has_no_room_for_is_counted,
	                 a_severing_names_who_was_cut_off, guards_of_other_classes_are_no_larger,
	                 claims_lie_behind_what_else_a_class_keeps, a_call_site_is_in_an_object);
}
