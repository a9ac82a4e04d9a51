/* Object files, as libdwfl has them. */
#ifndef HG_REPORT_SYMBOLS_OBJECT_H
#define HG_REPORT_SYMBOLS_OBJECT_H

#include <elfutils/libdwfl.h>

#include "report/model/model.h"

/* An object file, reported to libdwfl at an address of its own: where the process had it does not matter. */
struct hg_object {
	const char *key; /* path and build id */
	const char *path;
	Dwfl *dwfl;
	Dwfl_Module *module; /* null: cannot be had, or is another one by now */
	uint64_t bias;       /* what is added to the object's addresses here */
	UT_hash_handle hh;
};

/* All that were asked for. */
struct hg_objects {
	struct hg_model *model;
	struct hg_object *table;
	char *debuginfo_path; /* where libdwfl looks for separate debugging information */
	Dwfl_Callbacks callbacks;
};

/* What other places than the usual ones there are, the model's sources say. */
void hg_objects_init(struct hg_objects *objects, struct hg_model *model);
void hg_objects_drop(struct hg_objects *objects);

/* The object that a process had loaded from there, opened when it is first asked for. */
const struct hg_object *hg_object_get(struct hg_objects *objects, const char *path,
                                      const struct hg_record_module *module);

#endif
