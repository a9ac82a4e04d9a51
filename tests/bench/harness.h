/* One process a variant at a time, kept alive and driven in lock step: one round of each in turn, so that whatever
 * disturbs the machine disturbs all of them alike. */
#ifndef HARNESS_H
#define HARNESS_H

#include <stdbool.h>
#include <stdnoreturn.h>

enum hg_variant {
	HG_BARE,
	HG_THROUGH,
	/* peers */
	HG_HAND_WRITTEN,
	HG_COUNTED,
	HG_TABLE,
	HG_AUDIT,
	HG_TSAN,
	HG_UFTRACE,
	HG_DRD,
	HG_LTRACE,
	/* ours */
	HG_GUARDED,
	HG_GUARDED_FENCED,
	HG_GUARDED_WORDS,
	HG_GUARDED_NO_STACKS,
	HG_GUARDED_EXCLUSIVE,
	HG_GUARDED_SERIALISED,
	HG_GUARDED_DEFER,
	HG_GUARDED_DEFER_NO_STACKS,
	HG_EMBEDDED,
	HG_GUARDED_SQLITE,
	HG_GUARDED_ZMQ,
	HG_GUARDED_CURL,
	HG_GUARDED_10,
	HG_GUARDED_100,
	HG_GUARDED_1000,
	HG_GUARDED_MANY,
	HG_VARIANTS
};

struct hg_measurement {
	const char *name, *unit;
	double (*work)(unsigned argument);                         /* in a worker */
	double (*own)(enum hg_variant variant, unsigned argument); /* or in the parent */
	unsigned argument;
	unsigned rounds; /* 0: as many as asked for */
	bool variants[HG_VARIANTS];
	bool slow;         /* takes seconds: not where it is to be quick */
	const char *curve; /* null: a row; else a point of this curve, at `argument` */
};

const char *hg_variant_name(enum hg_variant variant);

/* Runs all rounds and stores `rounds` figures for each variant that has room for them. */
void hg_measure(const struct hg_measurement *measurement, unsigned rounds, double *figures[HG_VARIANTS]);

/* The environment of a variant's process; valid until the next call. */
char **hg_environment(enum hg_variant variant);

/* Runs a program with a variant's preload; returns the figure that it prints, NaN if there is none. */
double hg_subject(enum hg_variant variant, char **argv);

/* Runs it to its end, and lets nobody see what it says. Returns the ms of processor time that it took, and stores the
 * MiB that it used at most, if asked to. What takes a second is never left alone by others for so long. */
double hg_run(enum hg_variant variant, char **argv, double *peak_mib);

/* A worker's whole life: argv as hg_measure made it. */
int hg_worker(char **argv);

/* Keeps the calling thread on one of the processors that the process may use: the first, the second, ... */
void hg_pin(unsigned which);
void hg_pin_nowhere(void);

/* Room for findings in the recordings of variants' processes, in KiB; 0: the preset. */
extern unsigned hg_ring_kib;

noreturn void hg_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
