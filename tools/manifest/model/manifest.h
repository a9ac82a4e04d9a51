/* What a manifest says. It is read from YAML (read.h); a preload image is made of it (preload_image.h), and a preload
 * object of that (preload_object.h). */
#ifndef HG_MANIFEST_MODEL_MANIFEST_H
#define HG_MANIFEST_MODEL_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "format/image.h"
#include "manifest/model/notes.h"

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
	enum hg_none nulls;      /* what becomes of ops that are given a value of `none` */
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
	enum hg_reject_from reject_from;
	struct hg_mark reject_mark;     /* of its own */
	bool parks;                     /* may block until it is woken */
	enum hg_times_out times_out;    /* whether it can come back because its time is up */
	struct hg_image_reject timeout; /* what it returns then */
	struct hg_image_condition freed;
	uint64_t deferred;
};

struct hg_manifest {
	char *name; /* the file's name without folder and `.yaml` */
	char *path;
	char **libraries; /* soname patterns */
	size_t library_count;
	struct hg_manifest_class *classes;
	size_t class_count;
	struct hg_manifest_function *functions; /* as written */
	size_t function_count;
};

void hg_manifest_free(struct hg_manifest *manifest);

#endif
