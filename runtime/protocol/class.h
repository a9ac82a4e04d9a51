/* Classes of handles, as manifests and embedded guards describe them. */
#ifndef HG_CLASS_H
#define HG_CLASS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct hg_guard;
struct hg_recent;

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
	const struct hg_class *next; /* that has a root too */
	uint32_t limit;              /* 0: none is known */
	_Atomic uint32_t *live;      /* how many handles there are, if there is a limit (limit.h) */
	struct hg_recent *recent;    /* its last frees (recent.h); null: they are not kept */
	bool kept;                   /* its guards are the program's to name, and never reused */
};

#endif
