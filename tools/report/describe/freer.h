/* Who freed a handle: told apart by the frames of the call, the user's first. */
#ifndef HG_REPORT_DESCRIBE_FREER_H
#define HG_REPORT_DESCRIBE_FREER_H

#include "report/model/model.h"

/* In which language the line stands that must change, and who runs it there. */
enum hg_freer_kind {
	HG_FREER_UNKNOWN, /* C, or a language of which nothing is known */
	HG_FREER_GO,      /* a call that somebody wrote: an explicit close, as far as is seen */
	HG_FREER_GO_FINALIZER,
	HG_FREER_GO_WATCHER, /* what frees when a context is done, or the time is up */
	HG_FREER_PYTHON,     /* as HG_FREER_GO */
	HG_FREER_PYTHON_FINALIZER,
	HG_FREER_PYTHON_WATCHER,
	HG_FREER_PYTHON_END, /* of the interpreter */
	HG_FREER_FINALIZER,  /* of another language's garbage collector */
	HG_FREER_LIBRARY,    /* the guarded library, by a call of its own */
	HG_FREER_WRITTEN     /* in the table only: one of those that somebody wrote, by the language */
};

struct hg_freer {
	enum hg_freer_kind kind;
	const char *who; /* "a finalizer that the Go garbage collector ran"; null: nothing to say */
};

/* Of a call that may be null. */
struct hg_freer hg_freer_of(const struct hg_resolved_call *call);

/* Whether a garbage collector, or the end of an interpreter, made the call. */
bool hg_is_finalizer(enum hg_freer_kind kind);

#endif
