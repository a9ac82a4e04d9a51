/* What a finding usually comes from, and the fix that fits. */
#ifndef HG_REPORT_DESCRIBE_ADVICE_H
#define HG_REPORT_DESCRIBE_ADVICE_H

#include "report/model/model.h"

/* What can be seen of how a finding came about, beside its kind. */
enum hg_shape {
	HG_SHAPE_ANY,
	HG_SHAPE_FINALIZER,    /* the free came from a garbage collector */
	HG_SHAPE_GO_FINALIZER, /* freer.h says what these seven are */
	HG_SHAPE_GO_WATCHER,
	HG_SHAPE_GO,
	HG_SHAPE_PYTHON_FINALIZER,
	HG_SHAPE_PYTHON_WATCHER,
	HG_SHAPE_PYTHON_END,
	HG_SHAPE_PYTHON,
	HG_SHAPE_LIBRARY,     /* the library itself had ended the handle */
	HG_SHAPE_SHARED,      /* the handle is one that can have several holders */
	HG_SHAPE_HALF,        /* the handle is one part of another that was split */
	HG_SHAPE_IN_PLACE,    /* the handle is memory of the program's own, which a create fills */
	HG_SHAPE_SAME_THREAD, /* both sides are on one thread */
	HG_SHAPE_WHOLE,       /* the handle is the library as a whole */
	HG_SHAPE_AT_EXIT,     /* the library has ended the handles as the process ended */
	HG_SHAPE_ATTACHED,    /* the op was on what the handle is attached to */
	HG_SHAPE_FREE         /* the call itself is a free */
};

struct hg_advice {
	enum hg_kind kind;
	enum hg_shape shape;
	const char
	    *prevented; /* what would have happened without the guard; null: nothing is done about such findings */
	const char *happened; /* what it means where nothing was done about it */
	const char *cause;
	const char *fix;
};

/* All that there is, for who checks it. */
const struct hg_advice *hg_all_advice(size_t *count);

/* Never null. */
const struct hg_advice *hg_find_advice(const struct hg_resolved_finding *finding);

/* Whether the guard has kept the finding from doing harm; in the runs that only observe it never does. */
bool hg_was_prevented(const struct hg_resolved_finding *finding);

/* What would have happened then, or what the finding means. */
const char *hg_consequence(const struct hg_resolved_finding *finding);

#endif
