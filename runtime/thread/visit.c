#include "thread/visit.h"

_Atomic uint64_t hg_visit_round = 1;
_Atomic uint32_t hg_visit_strangers;

struct hg_visit hg_visit_pause(void)
{
	struct hg_visit pause = {.context = hg_context};
	if (pause.context && pause.context->visits == 1)
		atomic_store_explicit(&pause.context->visiting, 0, memory_order_release);
	else
		pause.context = NULL;
	return pause;
}

void hg_visit_resume(const struct hg_visit *pause)
{
	if (!pause->context)
		return;
	atomic_store_explicit(&pause->context->visiting, atomic_load(&hg_visit_round), memory_order_relaxed);
	hg_fence_light();
}

uint64_t hg_visit_new_round(void)
{
	hg_fence_heavy();
	return atomic_fetch_add(&hg_visit_round, 1) + 1;
}

static bool has_left(struct hg_context *context, void *round)
{
	uint64_t visiting = atomic_load(&context->visiting);
	if (!visiting || visiting >= *(uint64_t *)round)
		return true;
	*(uint64_t *)round = 0;
	return false;
}

bool hg_visit_is_over(uint64_t round)
{
	if (atomic_load(&hg_visit_strangers))
		return false;
	hg_contexts_each(has_left, &round);
	return round != 0;
}

void hg_visits_forget(void)
{
	atomic_store(&hg_visit_strangers, 0);
}
