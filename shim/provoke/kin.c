#include "provoke/kin.h"

#include "protocol/family.h"

static void add(struct hg_kin *kin, struct hg_guard *guard)
{
	if (guard && kin->count < HG_KIN_MOST)
		kin->guards[kin->count++] = guard;
}

void hg_kin_of(struct hg_guard *guard, struct hg_kin *kin)
{
	kin->count = 0;
	for (int i = 0; guard && i < HG_ANCESTORS; i++) {
		add(kin, guard);
		if (guard->class->root != guard)
			add(kin, guard->class->root);
		guard = hg_family_parent(guard);
	}
}

void hg_kin_keep(struct hg_kept_kin *to, const struct hg_kin *kin)
{
	for (unsigned i = 0; i < kin->count; i++)
		atomic_store_explicit(&to->guards[i], kin->guards[i], memory_order_relaxed);
	atomic_store(&to->count, kin->count);
}

void hg_kin_kept(struct hg_kept_kin *from, struct hg_kin *kin)
{
	kin->count = atomic_load(&from->count);
	for (unsigned i = 0; i < kin->count; i++)
		kin->guards[i] = atomic_load_explicit(&from->guards[i], memory_order_relaxed);
}

static bool holds(const struct hg_kin *kin, const struct hg_guard *guard)
{
	for (unsigned i = 0; i < kin->count; i++)
		if (kin->guards[i] == guard)
			return true;
	return false;
}

bool hg_kin_related(const struct hg_kin *one, const struct hg_kin *other)
{
	return one->count && other->count && (holds(one, other->guards[0]) || holds(other, one->guards[0]));
}
