/* One process a variant at a time, kept alive and driven in lock step: one round of each in turn, so that whatever
 * disturbs the machine disturbs all of them alike. */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stdnoreturn.h>

enum hg_variant {
	HG_BARE,
	HG_THROUGH,
	HG_HAND_WRITTEN,
	HG_GUARDED,
	HG_GUARDED_FENCED,
	HG_GUARDED_WORDS,
	HG_GUARDED_NO_STACKS,
	HG_GUARDED_EXCLUSIVE,
	HG_GUARDED_SERIALISED,
	HG_GUARDED_DEFER,
	HG_GUARDED_DEFER_NO_STACKS,
	HG_GUARDED_SQLITE,
	HG_GUARDED_MANY,
	HG_VARIANTS
};

/* What a worker can be asked to do once: each returns one figure, NaN if it could not be measured. */
double hg_work_op(unsigned threads);       /* ns of one call; enum hg_op_threads */
double hg_work_late(unsigned unused);      /* ns of an op that is turned away, and told of often enough */
double hg_work_handles(unsigned count);    /* ns of one call, on one of so many handles at random */
double hg_work_churn(unsigned unused);     /* ns of a create and a free */
double hg_work_wake(unsigned guarded);     /* ns from the last leave to the free's return; 0: of a futex alone */
double hg_work_memory(unsigned handles);   /* bytes that each of so many live handles costs the process */
double hg_work_crowd(unsigned threads);    /* ns of a shared free while so many threads are in flight */
double hg_work_shared_free(unsigned busy); /* ns of a shared free beside an idle or a busy thread */

/* What the parent does itself. */
double hg_work_startup(enum hg_variant variant, unsigned calls); /* ms from exec to exit; 1: with a guarded call */
double hg_work_leaks(enum hg_variant variant, unsigned handles); /* ms, with so many handles that are never freed */
double hg_work_disk(enum hg_variant variant, unsigned unused);   /* KiB of the recording of such a call */

/* ms from the first thread's start to the last one's end, in a program of their own: all there at once, or each ends
 * before the next starts. */
double hg_work_threads_together(enum hg_variant variant, unsigned count);
double hg_work_threads_in_turn(enum hg_variant variant, unsigned count);

/* us of loading one more plugin and unloading it, where so many are loaded */
double hg_work_loads(enum hg_variant variant, unsigned loaded);

/* ns of a create and a free in a program of that language, what one takes longer where it is seen first, or a free that
 * meets an op of another thread where that is seen first; enum hg_moment */
double hg_work_java(enum hg_variant variant, unsigned when);
double hg_work_python(enum hg_variant variant, unsigned when);
double hg_work_go(enum hg_variant variant, unsigned when);

enum hg_moment { HG_KNOWN_PLACE, HG_FIRST_CAPTURE, HG_DEEP_CAPTURE, HG_OF_ANOTHER };

enum hg_op_threads { HG_ONE_THREAD, HG_OWN_HANDLES, HG_SHARED_HANDLE };

/* In a worker: whether it is to call the op that has stack arguments handed on. */
extern bool hg_with_words;

struct hg_measurement {
	const char *name, *unit;
	double (*work)(unsigned argument);                         /* in a worker */
	double (*own)(enum hg_variant variant, unsigned argument); /* or in the parent */
	unsigned argument;
	unsigned rounds; /* 0: as many as asked for */
	bool variants[HG_VARIANTS];
};

extern const struct hg_measurement hg_measurements[];
extern const unsigned hg_measurement_count;

const char *hg_variant_name(enum hg_variant variant);

/* Runs all rounds and stores `rounds` figures for each variant taken part. */
void hg_measure(const struct hg_measurement *measurement, unsigned rounds, double *figures[HG_VARIANTS]);

/* The environment of a variant's process; valid until the next call. */
char **hg_environment(enum hg_variant variant);

/* Makes the folder where recordings go; the others count what is in it, remove that, and remove the folder too. */
void hg_scratch_make(void);
unsigned hg_scratch_recordings(void);
double hg_scratch_kib(void); /* on the disk, once written out */
void hg_scratch_empty(void);
void hg_scratch_remove(void);

/* Runs a program with a variant's preload; returns the figure that it prints, NaN if there is none. */
double hg_subject(enum hg_variant variant, char **argv);

/* A worker's whole life: argv as hg_measure made it. */
int hg_worker(char **argv);

/* Keeps the calling thread on one of the processors that the process may use: the first, the second, ... */
void hg_pin(unsigned which);

noreturn void hg_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
