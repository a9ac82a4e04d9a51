/* The places from which guarded functions are called, as far as their calls may be held back: one a function and place,
 * known by a text that the next run of the same program uses too: FUNCTION@OBJECT+0xOFFSET, and #KEY where other frames
 * of the user's lie above (in Python, Go and Java the place in C is everybody's). */
#ifndef HG_CALL_SITES_H
#define HG_CALL_SITES_H

#include <stdatomic.h>
#include <stddef.h>

#include "entry/call.h"
#include "format/record.h"

static inline bool hg_point_is_free(enum hg_point point)
{
	return point == HG_POINT_CLAIM || point == HG_POINT_AFTER;
}

/* A free that comes meanwhile meets the op in flight. */
static inline bool hg_point_is_inside(enum hg_point point)
{
	return point == HG_POINT_IN || point == HG_POINT_LEAVE;
}

struct hg_site {
	_Atomic uint64_t key; /* of its text; 0: there is none here yet */
	const char *_Atomic text;
	_Atomic bool paired;        /* the other side came near once */
	_Atomic bool told;          /* a hold here has led to a finding: it rests */
	_Atomic bool warned;        /* one at HG_POINT_LEAVE to a warning: that point rests */
	_Atomic uint32_t met;       /* calls so far */
	_Atomic uint32_t turns;     /* holds so far: they go round the points */
	_Atomic uint32_t fruitless; /* holds since the last that led to a finding */
	/* What earlier runs say; set before the first call. */
	uint32_t fruitless_before;
	bool proven;       /* a hold here has led to a finding in one: misses count no more */
	uint32_t replayed; /* enum hg_point + 1; 0: nothing */
	uint32_t replayed_call, replayed_ms;
};

/* The site of a call, made if there was none. Null: there is no room for more, or no memory. */
struct hg_site *hg_site_of(const struct hg_call *call);

/* The site of this text, made if there was none; null likewise. */
struct hg_site *hg_site_named(const char *text, size_t length);

static inline const char *hg_site_text(const struct hg_site *site)
{
	return atomic_load_explicit(&site->text, memory_order_acquire);
}

#endif
