/* What a report tells, with all names resolved: made by the rooms read and describe, only read by the printers.
 *
 * All of it lives in the model's own memory and goes at once. Texts are valid UTF-8 without control characters,
 * whatever stood in the recording; only the arguments of the command line keep their control characters. */
#ifndef HG_REPORT_MODEL_MODEL_H
#define HG_REPORT_MODEL_MODEL_H

#include <obstack.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <uthash.h>

#include "format/reader.h"
#include "program/elf/reached.h"
#include "report/model/policy.h"
#include "report/model/sources.h"

struct hg_resolved_frame {
	uint64_t pc;          /* as recorded: for a call, where it returns to */
	const char *object;   /* path; empty: in no known object */
	uint64_t offset;      /* in the object's own addresses; the pc itself if there is no object */
	const char *function; /* null: unknown */
	const char *file;     /* null: unknown */
	const char *language; /* "c", "c++", "go", "rust", ...; null: unknown */
	int line;             /* 0: unknown */
	bool begins;          /* the line is the one that the function begins in: where in it is not known */
	bool inlined;         /* into the next frame, which has the same pc */
	uint32_t entry;       /* HG_TOLD_FINALIZER and the like: who called the function, if not the next frame out */
};

/* Whether it is in code that was made at run time, by what a perf map told. */
static inline bool hg_is_made(const struct hg_resolved_frame *frame)
{
	return frame->object[0] == '\0' && frame->function;
}

struct hg_resolved_stack {
	struct hg_resolved_frame *frames; /* innermost first */
	size_t count;
	struct hg_resolved_frame *told; /* of the languages above C, as the process itself told them */
	size_t told_count;
	struct hg_resolved_frame *creator; /* where the goroutine was created that made the call; null: not known */
	bool gone;                         /* the call ended before its stack could be walked */
	bool cut;                          /* deeper than what is kept */
};

struct hg_resolved_call {
	struct hg_resolved_call *prev, *next;
	const char *function; /* the guarded one */
	uint32_t roles;       /* of the function: enum hg_role */
	const char *library;  /* path of the object that defines the function; empty: not known */
	uint32_t tid;
	const char *thread_name;
	uint64_t time_ns;  /* since the start of the recording */
	bool older;        /* its thread had last seen an older handle of the same value */
	bool internal;     /* the library itself made it */
	bool of_parents;   /* it is about a handle that was there before the process was forked */
	bool adopted;      /* for a create: this is not the create, but the call on which the handle was first met */
	bool attached;     /* an op on what the handle is attached to */
	uint64_t handle;   /* of a child or what is attached: itself; of a holder: what it holds; of a recent free */
	const char *class; /* of a child, or what is attached */
	uint32_t claims;   /* of a holder: how many it has; the call is the latest */
	const char *test;  /* that it was made in; null: not known */
	bool test_is_sure; /* its own thread has said so; false: a guess */
	struct hg_resolved_stack stack;
};

/* A call that was held back, so that a finding could come of it. */
struct hg_provoked {
	const char *function;
	const char *site; /* as files of what is learned have it */
	uint32_t point;   /* enum hg_point */
	uint32_t call;    /* of the site's */
	uint64_t held_ns; /* how long it had been held when the finding was made */
	uint64_t came_ns; /* after how long the other side came */
	bool came;        /* it had by then */
};

struct hg_resolved_finding {
	const struct hg_recording *recording;
	uint64_t sequence;
	enum hg_kind kind;
	const char *class;
	uint64_t handle;
	uint32_t generation;
	uint64_t time_ns;
	uint64_t drain_ns;
	uint64_t deadline_ns;
	const char *test; /* the tests of its calls, for people; null: none is known */
	bool unfinished;  /* its outcome is not known: the process ended before, or has not come to it yet */
	bool deferred;
	bool locked;                        /* because its thread held the lock of an interpreter */
	bool waker_stays;                   /* what was to wake the calls in flight had not returned */
	const char *waker;                  /* the function that was called to wake them; null: none */
	const struct hg_provoked *provoked; /* null: nothing was held back */
	bool passed;                        /* the call was over before anything could be done about it */
	bool leaked;                        /* the free did not take place, and never will */
	bool all;                           /* about all handles of the class at once: there is no value */
	bool serialised;                    /* the call waited until it was alone */
	bool withheld; /* the free that would have cut others off, or was a child's, did not take place */
	struct hg_resolved_call *call, *free, *create; /* null: not known */
	struct hg_resolved_call *in_flight;            /* list */
	struct hg_resolved_call *children;             /* list: the creates of handles that were made from this one */
	struct hg_resolved_call *holders;              /* list, by handle */
	struct hg_resolved_call *recent;               /* list: frees of the class that came before, latest first */
	uint32_t unlisted_holders;                     /* that are not in the list */
	uint32_t unlisted_handles;                     /* of whose holders none is in the list */
	uint32_t limit;                                /* of the class; 0: none */
	uint64_t unseen;                               /* handles of its class in the process whose create nobody saw */
	bool some_unseen; /* not every create of the class can be seen, as it says itself */
	bool whole;       /* the handle is the library as a whole, or its default object */
	bool in_place;    /* the handle is memory of the program's own */
	bool refused;     /* a value that the class never gave out is turned away */
	bool shared;      /* handles of the class can have several holders */
	bool quarantined; /* what is freed of the class is held back */
};

/* A group's part in one recording. */
struct hg_share {
	struct hg_share *prev, *next;
	const struct hg_recording *recording;
	uint64_t count;
	uint64_t first_ns, last_ns;
};

struct hg_advice;

/* What a group's findings are told by; a later one tells more than an earlier one. */
enum hg_told_by {
	HG_TOLD_BY_NOTHING,
	HG_TOLD_BY_SITE,   /* no finding was stored: only the call sites are known */
	HG_TOLD_BY_LEFT,   /* a handle that a program left which runs no exit handlers */
	HG_TOLD_BY_EXAMPLE /* a finding */
};

/* Findings of one kind and class with the same call sites on both sides. */
struct hg_group {
	const char *key;
	enum hg_kind kind;
	const char *class;
	const char *function;       /* of the offending call; null: none */
	const char *other_function; /* of the other side; null: none */
	uint64_t uid;               /* hash of the key: the same in every report on the same objects */
	uint64_t fingerprint;       /* the same also when they are built anew; see describe/fingerprint.h */
	enum hg_level level;        /* of its kind, or what the policy makes of that */
	const struct hg_suppression *suppressed; /* by which it is accepted; null: by none */
	bool known;                              /* it is in the baseline */
	bool announced;                          /* a runner of tests has told it already, see policy/announced.h */
	uint64_t count;
	struct hg_share *shares;
	enum hg_told_by told_by;
	const void *record;                   /* of what it is told by, until that is resolved */
	size_t gone_stacks;                   /* of the example */
	bool is_late;                         /* the example is a later one, if such were asked for */
	const struct hg_recording *recording; /* of what it is told by */
	struct hg_resolved_finding *resolved; /* never null once grouped */
	struct hg_group *next_unresolved;
	const struct hg_advice *advice;
	UT_hash_handle hh;
};

/* An accepted finding fails nothing. */
static inline bool hg_is_accepted(const struct hg_group *group)
{
	return group->suppressed || group->known;
}

/* What became of a guarded function; a later one tells more than an earlier one about a function of many processes. */
enum hg_reach {
	HG_REACH_UNKNOWN,    /* not called; nothing else is known */
	HG_REACH_NOT_LOADED, /* no object of the process defines it */
	HG_REACH_ABSENT,     /* likewise, though the library is there and should have it */
	HG_REACH_NEVER_CALLED,
	HG_REACH_LINKED_IN, /* an object that is not the library has the function for itself alone: its calls are not
	                       seen */
	HG_REACH_PASSED_BY, /* only the function's own object uses it, and binds its calls to itself (-Bsymbolic) */
	HG_REACH_IN_EXECUTABLE, /* the program defines it itself: its calls are not seen */
	HG_REACH_CALLED,
	HG_REACH_COUNT
};

struct hg_coverage {
	const char *function;
	const char *class;
	const char *library;
	const char *manifest;
	const char *patterns; /* of the library's soname, separated by spaces */
	uint32_t symbol;      /* of the recording, the first that the function has */
	uint32_t roles;
	bool optional; /* not every library that the manifest is for has it */
	bool in_table; /* by its manifest it stands in a table that the library hands out */
	bool by_table; /* its guard was put into one */
	enum hg_symbol_state state;
	uint64_t calls;
	enum hg_reach reach;
	const char *object;  /* the one that the reach is about; null: none */
	const char *used_by; /* of a function that was not called: an object that uses another's; null: none */
	const struct hg_elf_reached *reached; /* how, if its library is linked in; null: it is not, or nobody knows */
	struct hg_elf_reached by_process;     /* as the process has counted: what it has led */
	const char *reached_in;               /* the object that it is linked into */
	bool exported;                        /* by that object, and called as such */
};

/* A function of a manifest's library that an object of the process uses, and that the manifest does not name. */
struct hg_unnamed_function {
	const char *function;
	const char *library; /* path of the one that has it */
	const char *used_by; /* path of an object that uses it */
};

/* The unnamed functions of a manifest in processes that have loaded the same objects. */
struct hg_fit {
	const char *key;
	struct hg_unnamed_function *unnamed;
	size_t unnamed_count;
	UT_hash_handle hh;
};

struct hg_resolved_manifest {
	const char *name;
	uint64_t hash; /* of its text */
	struct hg_unnamed_function *unnamed;
	size_t unnamed_count;
	/* of many recordings together: */
	const struct hg_recording *of;    /* the first that had it */
	const struct hg_recording *other; /* the first that had another text of it; null: none */
	uint64_t other_hash;
};

struct hg_resolved_class {
	const char *name;
	const char *manifest;
	enum hg_drain drain;
	enum hg_after_deadline after_deadline;
	uint64_t deadline_ns;
	uint32_t limit; /* 0: none is known */
	uint64_t created, adopted, freed, leaked, live;
};

struct hg_op_in_flight {
	struct hg_op_in_flight *prev, *next;
	const char *class;
	uint64_t *handles; /* of a create or a free that has lost: none */
	size_t handle_count;
	bool frees; /* a free or create, not an op */
	struct hg_resolved_call call;
};

enum hg_how_ended {
	HG_ENDED_CLEAN,
	HG_ENDED_RUNNING,
	HG_ENDED_SIGNAL,
	HG_ENDED_STATUS,
	HG_ENDED_EXEC,
	HG_ENDED_UNKNOWN
};

struct hg_report_ending;
struct hg_kept_names;
struct hg_perf_map;

/* A recording. At rest, which is where all are put when they are many, it has neither its bytes nor what stands for
 * them: findings, kept names, coverage and classes; and of its header only what is before the extents. */
struct hg_recording {
	struct hg_recording *prev, *next;
	const char *path;
	const char *file; /* the path as it is told */
	void *bytes;
	size_t size;
	dev_t device; /* with the inode the key of the table of files */
	ino_t inode;
	UT_hash_handle by_file;
	struct hg_reader reader;
	const struct hg_record_header *resting_header;
	const struct hg_record_finding **findings;
	uint64_t finding_count, torn;
	const struct hg_report_ending *kept_ending; /* null: none was kept beside it */
	const struct hg_kept_names *kept_names;     /* null: it keeps no names of C's functions */
	const struct hg_perf_map *perf_map;         /* null: there is none of code made at run time */
	/* told */
	const char *executable;
	const char **command;
	size_t argument_count;
	enum hg_how_ended ended;
	int ended_by; /* signal or status */
	struct hg_coverage *coverage;
	size_t coverage_count;
	struct hg_resolved_manifest *manifests;
	size_t manifest_count;
	struct hg_resolved_class *classes;
	size_t class_count;
	bool objects_read; /* all of the process's objects were still there, to say what is out of reach */
	struct hg_op_in_flight *in_flight; /* list */
	uint64_t calls, handles, freed;
	const char *build;     /* of the executable; null: it has none */
	bool noted;            /* it holds a finding */
	bool no_exit_handlers; /* programs of its kind (Go) run no exit handlers: however it ends, it leaves no mark */
};

/* A program that was started without guards. */
struct hg_resolved_launch {
	struct hg_resolved_launch *prev, *next;
	const char *program, *starter;
	uint32_t reason; /* enum hg_unguarded */
	uint64_t times;
};

/* When the process that was started then under this number began its latest recording. */
struct hg_successors {
	uint64_t process_start;
	uint64_t pid;
	uint64_t latest_ns;
	UT_hash_handle hh;
};

struct hg_merged;
struct hg_redaction;
struct hg_counted;

struct hg_model {
	struct obstack *memory; /* that is taken from: one of these */
	struct obstack lasting, passing;
	struct hg_recording *files;      /* table of all that were found, read or not */
	struct hg_successors *starts;    /* table: when processes began their recordings */
	struct hg_recording *recordings; /* list */
	bool resting;                    /* the recordings are at rest */
	struct hg_group *unresolved;     /* list */
	struct hg_group *groups;         /* table; gravest first once sorted */
	struct hg_sources sources;
	struct hg_fit *fits;        /* table, whose entries last */
	struct hg_counted *counted; /* table: how what is linked into objects is reached; lasts */
	void (*drop_counted)(struct hg_counted *);
	bool counts_reached;              /* somebody wants to know */
	struct hg_symbolizer *symbolizer; /* null: no stack was looked up yet */
	void (*drop_symbolizer)(struct hg_symbolizer *);
	struct hg_merged *merged; /* all recordings as one */
	void (*drop_merged)(struct hg_merged *);
	const struct hg_redaction *redaction; /* null: everything is told */
	struct hg_resolved_launch *launches;  /* list */
	uint64_t launches_cut;                /* more that nothing is known of */
	uint64_t unrecorded;                  /* processes that could make no recording */
	uint64_t examples_after;              /* the number of a finding in its recording: a later example is better */
	const char *nothing_covered;          /* why there is no recording; null: nobody knows */
	const struct hg_policy *policy;       /* by which findings were accepted; null: there is none */
};

void hg_model_init(struct hg_model *model);
void hg_recording_drop_bytes(struct hg_recording *recording);
void hg_model_drop(struct hg_model *model);

/* Zeroed memory that goes with the model. */
void *hg_model_take(struct hg_model *model, size_t size);

/* Between these two, memory is taken from what passes: it goes when a recording is put to rest, or with the model. */
void hg_model_begin_passing(struct hg_model *model);
void hg_model_end_passing(struct hg_model *model);
void hg_model_drop_passing(struct hg_model *model);

/* What is taken from the mark on goes when it is forgotten: who prints item by item needs no more memory than one item.
 */
void *hg_model_mark(struct hg_model *model);
void hg_model_forget(struct hg_model *model, void *mark);

/* A clean copy of a text of at most `length` bytes: invalid UTF-8 becomes U+FFFD, and control characters are written as
 * \n, \t or \xNN. */
const char *hg_model_text(struct hg_model *model, const char *text, size_t length);
const char *hg_model_string(struct hg_model *model, const char *text);

/* As hg_model_text, but control characters stay. */
const char *hg_model_raw_text(struct hg_model *model, const char *text, size_t length);

const char *hg_model_printf(struct hg_model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
