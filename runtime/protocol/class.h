/* Classes of handles, as manifests and embedded guards describe them. */
#ifndef HG_CLASS_H
#define HG_CLASS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "format/image.h"

struct hg_guard;
struct hg_recent;

/* What the maps of a class say of one class of children. */
struct hg_means {
	const struct hg_class *child;
	const struct hg_means *next;
	uint8_t children[HG_CHILDREN_MAPS]; /* enum hg_children, by the number of the map */
};

struct hg_class {
	uint32_t index; /* in the recording */
	uint32_t flags; /* enum hg_class_flag */
	uint32_t drain; /* enum hg_drain in force */
	uint32_t none_count;
	const int64_t *nones;    /* values that name no handle */
	uint64_t mask;           /* bits of a value that count */
	uint64_t deadline_ns;    /* in force */
	uint32_t after_deadline; /* enum hg_after_deadline in force */
	const char *name;
	/* Stands for all handles of the class in a function that ends them all (HG_CLASS_TORN_DOWN), whose free begins
	 * and ends lives of it; in no table. Null: there is no such function. */
	struct hg_guard *root;
	const struct hg_class *next;          /* that has a root too */
	uint32_t limit;                       /* 0: none is known */
	_Atomic uint32_t *live;               /* how many handles there are, if there is a limit (limit.h) */
	struct hg_recent *recent;             /* its last frees (recent.h); null: they are not kept */
	const struct hg_means *_Atomic means; /* null: no map of its own says anything */
	bool kept;                            /* its guards are the program's to name, and never reused */
};

/* What the end of a handle of one class means for a child of another: as it was said, or the map that was named. */
static inline enum hg_children hg_children_of(const struct hg_class *parent, enum hg_children said,
                                              const struct hg_class *child)
{
	if (said < HG_CHILDREN_BY_CLASS)
		return said;
	const struct hg_means *means = atomic_load_explicit(&parent->means, memory_order_acquire);
	while (means && means->child != child)
		means = means->next;
	return means ? (enum hg_children)means->children[said - HG_CHILDREN_BY_CLASS] : HG_CHILDREN_ORPHANED;
}

/* Whether it can mean this for some child. */
bool hg_children_map_can(const struct hg_class *parent, enum hg_children said, enum hg_children wanted);
static inline bool hg_children_can(const struct hg_class *parent, enum hg_children said, enum hg_children wanted)
{
	return said < HG_CHILDREN_BY_CLASS ? said == wanted : hg_children_map_can(parent, said, wanted);
}

#endif
