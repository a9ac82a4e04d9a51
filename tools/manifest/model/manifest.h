/* What a manifest says. It is read from YAML (read.h); a preload image is made of it (preload_image.h), and a preload
 * object of that (preload_object.h). */
#ifndef HG_MANIFEST_MODEL_MANIFEST_H
#define HG_MANIFEST_MODEL_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/image.h"
#include "manifest/model/notes.h"

/* How an op is woken that is parked on a handle: by a function of the manifest. */
struct hg_manifest_wake {
	bool wanted;
	size_t function; /* its number */
	uint32_t argument_count;
	struct hg_image_wake_argument arguments[HG_WAKE_ARGUMENTS];
};

struct hg_manifest_class {
	char *name;
	struct hg_mark mark;
	enum hg_type type;
	int64_t *nones; /* values that name no handle, as written */
	size_t none_count;
	uint32_t flags;      /* enum hg_class_flag */
	uint32_t drain;      /* as hg_image_class.drain */
	int64_t deadline_ms; /* -1: the run's */
	struct hg_mark deadline_mark;
	uint32_t after_deadline; /* as hg_image_class.after_deadline */
	uint32_t limit;          /* 0: none */
	unsigned maps;           /* of `means` */
	enum hg_none nulls;      /* what becomes of ops that are given a value of `none` */
	struct hg_manifest_wake wake;
};

/* Where it is said what a rejected call returns. */
enum hg_reject_from { HG_REJECT_NONE, HG_REJECT_CLASS, HG_REJECT_OWN };

enum hg_times_out { HG_TIMES_OUT_UNKNOWN, HG_TIMES_OUT_NEVER, HG_TIMES_OUT };

/* A guarded function. Argument numbers are the manifest's: a hidden struct-return pointer is not counted yet. */
struct hg_manifest_function {
	char *name;
	struct hg_mark mark;
	enum hg_type returns;
	bool sret;           /* the result is returned through a hidden first pointer argument */
	uint32_t sret_bytes; /* its size; 0: not known */
	uint32_t stack_bytes;
	struct hg_image_use *uses;
	size_t use_count;
	struct hg_image_make *makes;
	size_t make_count;
	struct hg_image_zero *zeros;
	size_t zero_count;
	struct hg_image_reject reject; /* of type HG_TYPE_TEXT: the value is reject_text */
	char *reject_text;
	char *throws; /* the Java exception that a rejected call gets; null: none */
	enum hg_reject_from reject_from;
	struct hg_mark reject_mark;     /* of its own */
	bool children_said;             /* what the end of a handle means for those made from it */
	bool parks;                     /* may block until it is woken */
	enum hg_times_out times_out;    /* whether it can come back because its time is up */
	struct hg_image_reject timeout; /* what it returns then */
	struct hg_image_condition freed;
	uint64_t deferred;
	bool optional; /* not every library that the manifest is for has it */
	bool in_table; /* it stands in a table that the library hands out, and need not be exported */
	char *since;   /* the first version that has it; null: not said */
};

/* A function that is left unguarded on purpose, or one argument of it. */
struct hg_manifest_unguarded {
	char *name; /* FUNCTION or FUNCTION.ARGUMENT */
	struct hg_mark mark;
};

/* A table of functions that one of the functions hands out. */
struct hg_manifest_table {
	char *name;
	struct hg_mark mark;
	size_t from; /* the function's number */
	enum hg_table_place place;
	uint8_t argument;
	struct hg_image_entry *entries; /* whose functions are the manifest's, by their numbers */
	size_t entry_count;
};

struct hg_manifest {
	char *name; /* the file's name without folder and `.yaml` */
	char *path;
	char **libraries; /* soname patterns */
	size_t library_count;
	struct hg_manifest_class *classes;
	size_t class_count;
	struct hg_image_means *means; /* what ends of handles mean by class of child */
	size_t mean_count;
	struct hg_manifest_function *functions; /* as written */
	size_t function_count;
	struct hg_mark functions_mark;
	struct hg_manifest_table *tables;
	size_t table_count;
	struct hg_manifest_unguarded *unguarded;
	size_t unguarded_count;
	uint64_t hash; /* of its text */
};

/* Whether the manifest says that the function, or this argument of it (negative: the whole), is left out on purpose. */
bool hg_manifest_leaves_out(const struct hg_manifest *manifest, const char *function, int argument);

/* What this end of a handle means for handles of another class that were made from it. */
enum hg_children hg_manifest_children(const struct hg_manifest *manifest, uint32_t parent, unsigned said,
                                      uint32_t child);

void hg_manifest_free(struct hg_manifest *manifest);

#endif
