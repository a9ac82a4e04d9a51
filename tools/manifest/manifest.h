/* What a manifest says, and what is made of it: YAML -> model -> preload image -> preload object. */
#ifndef HG_MANIFEST_H
#define HG_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "format/image.h"

/* A place in the manifest's file, both counted from 1. */
struct hg_mark {
	uint32_t line;
	uint32_t column;
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
	uint32_t limit; /* 0: none */
};

/* Who said what a turned-away function returns. */
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

/* Reads a manifest. Every mistake is one line on `errors`: FILE:LINE:COLUMN: key 'x': found ..., expected ...
 * Returns NULL if there was one. */
struct hg_manifest *hg_manifest_read(const char *path, FILE *errors);
/* The same of text in memory; `path` gives the manifest its name, and the errors their place. */
struct hg_manifest *hg_manifest_parse(const char *path, const char *text, size_t size, FILE *errors);
void hg_manifest_free(struct hg_manifest *manifest);

/* Prints a line "FILE:LINE:COLUMN: warning: ..." on `output` for everything that is legal but unwise; returns how many.
 */
size_t hg_manifest_lint(const struct hg_manifest *manifest, FILE *output);

/* The preload image of a manifest, `size` of its header bytes long; to be released with free(). `machine` is the
 * e_machine of one that elf_machine.h knows. */
struct hg_image *hg_manifest_image(const struct hg_manifest *manifest, uint16_t machine);

/* Writes the preload object of an image to `path`, whole or not at all. It finds the runtime in `runtime_directory`, or
 * else beside itself. Returns 0, or -1 after saying why on `errors`. */
int hg_object_write(const struct hg_image *image, const char *runtime_directory, const char *path, FILE *errors);

/* Whether the file at `path` is what hg_object_write would write there. */
bool hg_object_is(const struct hg_image *image, const char *runtime_directory, const char *path);

/* The path (malloc'ed) of the manifest that a person means by `name`: a path if it has a '/' or ends in `.yaml`, else
 * the name of one on the shelf. NULL after saying why on `errors`. */
char *hg_manifest_find(const char *name, const char *shelf_directory, FILE *errors);
/* Prints a line a manifest on the shelf: name, library patterns, number of functions. Returns 0, or -1 after saying
 * on `errors` what could not be read. */
int hg_shelf_list(const char *shelf_directory, FILE *output, FILE *errors);

/* The path (malloc'ed) of a preload object of the manifest `name` (see hg_manifest_find), built now or earlier and kept
 * in the user's cache. NULL after saying why on `errors`. */
char *hg_manifest_object(const char *name, FILE *errors);
/* The same with every place given. */
char *hg_cached_object(const char *manifest_path, const char *runtime_directory, const char *cache_directory,
                       FILE *errors);
/* The folder (malloc'ed) for cached objects: private to the user, and fit for LD_PRELOAD, which knows neither spaces
 * nor colons. NULL after saying why on `errors`. */
char *hg_cache_directory(FILE *errors);

/* `handleguard manifest ...`; argv[0] is "manifest". Returns the exit status. */
int hg_command_manifest(int argc, char **argv);

#endif
