#include "provoke/provoked.h"

#include "api/start.h"
#include "around/exclusive.h"
#include "base/options.h"
#include "bind/slots.h"
#include "entry/arguments.h"
#include "entry/inside_call.h"
#include "finding/finding.h"
#include "protocol/handle_table.h"
#include "provoke/budget.h"
#include "provoke/collect.h"
#include "provoke/found.h"
#include "provoke/hold.h"
#include "provoke/learned.h"
#include "provoke/near_miss.h"
#include "provoke/turns.h"
#include "provoke/watch.h"
#include "thread/visit.h"

bool hg_provoking;

void hg_provoke_start(void)
{
	hg_provoking = hg_options.provoke || *hg_options.learn || *hg_options.replay;
	if (!hg_provoking)
		return;
	hg_finding_held = hg_found;
	hg_budget_start();
	hg_turns_start();
	hg_learned_read();
}

/* One call as it is seen here: on its first handle that is freed, or else used. */
struct seen {
	struct hg_held held; /* its site null: nothing is to be done about it */
	bool frees;
};

/* Null: the call names none that is known, or may come at any time. */
static struct hg_guard *guard_of(const struct hg_call *call, bool *frees)
{
	const struct hg_image_use *use = hg_uses_of(call->slot);
	struct hg_guard *found = NULL;
	for (uint32_t i = 0; i < call->slot->use_count; i++) {
		const struct hg_class *class = hg_class_at(call->slot, use[i].class_index);
		uint64_t value;
		if (!class || use[i].allowed_while_freeing || (found && !hg_use_ends(&use[i])) ||
		    !hg_is_chosen(call, &use[i].choice))
			continue;
		struct hg_guard *guard = NULL;
		if (use[i].all)
			guard = class->root;
		else if (hg_read_handle(call, &use[i], 0, class, &value))
			guard = hg_table_find(class, value);
		found = guard ? guard : found;
		*frees = guard ? hg_use_ends(&use[i]) : *frees;
	}
	return found;
}

/* What the library calls by itself is let through. */
static bool is_ours(struct hg_call *call)
{
	return call->context && !((uint64_t)call->slot & HG_CALLED_INSIDE) && hg_call_bind(call) &&
	       __atomic_load_n(&call->slot->class_runtime, __ATOMIC_ACQUIRE) && !hg_inside_call(call);
}

static void learn(struct hg_call *call, struct hg_guard *guard, struct seen *seen)
{
	if (seen->frees)
		hg_watch_free(guard, call->context);
	if (!seen->frees && !hg_watch_wants(call->slot))
		return;
	struct hg_site *site = hg_site_of(call);
	if (!site)
		return;
	hg_kin_of(guard, &seen->held.kin);
	if (seen->frees)
		hg_near_look(guard, site, call->context->tid);
	else
		hg_near_note(&seen->held.kin, site, call->context->tid);
	hg_watch_seen(call->slot, atomic_load(&site->paired));
	seen->held.number = atomic_fetch_add(&site->met, 1) + 1;
	seen->held.site = site;
}

static void look(struct hg_call *call, struct seen *seen)
{
	seen->held.site = NULL;
	seen->held.call = call;
	seen->frees = false;
	if (!is_ours(call))
		return;
	hg_collect_often(false);
	struct hg_visit visit = hg_visit_begin();
	struct hg_guard *guard = guard_of(call, &seen->frees);
	if (guard)
		learn(call, guard, seen);
	hg_visit_end(&visit);
}

static void hold_at(struct seen *seen, enum hg_point point)
{
	seen->held.point = point;
	seen->held.ms = hg_turn_at(seen->held.site, point, seen->held.number);
	if (seen->held.ms)
		hg_hold(&seen->held);
}

enum hg_action hg_provoked_enter(struct hg_call *call)
{
	struct seen seen;
	call->context = hg_context_here();
	look(call, &seen);
	if (!seen.held.site)
		return hg_call_enter(call);
	uint32_t tid = call->context->tid;
	hg_hold_met(&seen.held.kin, tid, seen.frees);
	hold_at(&seen, seen.frees ? HG_POINT_CLAIM : HG_POINT_BEFORE);
	enum hg_action action = hg_call_enter(call);
	hg_hold_passed(&seen.held.kin, tid, seen.frees);
	if (!seen.frees && action == HG_CALL && call->entered_count)
		hold_at(&seen, HG_POINT_IN);
	return action;
}

/* --- an op whose real function has returned --- */

/* Not where it makes or ends handles, which are not settled before it leaves, nor where ops must not overlap. */
static struct hg_guard *guard_to_leave(const struct hg_call *call)
{
	bool asked = hg_options.points >> HG_POINT_LEAVE & 1 || *hg_options.replay;
	if (!asked || call->internal || call->entered_count == 0 || call->free_frame || call->create_frame ||
	    call->ending || call->clearing || call->ties || call->slot->make_count > 0)
		return NULL;
	/* In a forked child the call was another process's. */
	if (call->context != hg_context || call->context->epoch != call->epoch)
		return NULL;
	/* What has no frame nobody sees return. */
	for (unsigned i = 0; i < call->entered_count; i++)
		if (!call->entered[i].frame || hg_is_exclusive(call->entered[i].guard->class))
			return NULL;
	return call->entered[call->entered_count - 1].guard;
}

static void hold_before_leaving(struct hg_call *call, struct hg_guard *guard)
{
	struct seen seen = {.held = {.call = call}, .frees = false};
	struct hg_visit visit = hg_visit_begin();
	seen.held.site = hg_site_of(call);
	hg_kin_of(guard, &seen.held.kin);
	hg_visit_end(&visit);
	if (!seen.held.site)
		return;
	seen.held.number = atomic_load(&seen.held.site->met);
	atomic_store(&call->context->returned, call->fp);
	hold_at(&seen, HG_POINT_LEAVE);
}

/* It counts as returned until it has left. */
static bool leave_returned(struct hg_call *call)
{
	struct hg_guard *guard = guard_to_leave(call);
	if (!guard)
		return false;
	struct hg_context *context = call->context;
	hold_before_leaving(call, guard);
	hg_call_leave(call);
	atomic_store(&context->returned, 0);
	return true;
}

void hg_provoked_leave(struct hg_call *call)
{
	if (leave_returned(call))
		return;
	struct hg_guard *freed = call->internal ? NULL : call->freeing;
	struct seen seen = {.held = {.call = call}, .frees = true};
	if (freed) {
		struct hg_visit visit = hg_visit_begin();
		hg_kin_of(freed, &seen.held.kin);
		hg_visit_end(&visit);
	}
	hg_call_leave(call);
	/* In a forked child the call was another process's. */
	if (!freed || call->context != hg_context || call->context->epoch != call->epoch)
		return;
	seen.held.site = hg_site_of(call);
	if (!seen.held.site)
		return;
	seen.held.number = atomic_load(&seen.held.site->met);
	hold_at(&seen, HG_POINT_AFTER);
}
