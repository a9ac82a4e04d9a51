/* What is measured: each returns one figure, NaN if it could not be measured. */
#ifndef WORKS_H
#define WORKS_H

#include "harness.h"

/* --- in a worker --- */

double hg_work_op(unsigned threads);              /* ns of one call; enum hg_op_threads */
double hg_work_op_crowd(unsigned threads);        /* processor ns of one call, so many threads with a handle each */
double hg_work_op_shared_crowd(unsigned threads); /* the same, all with one handle */
double hg_work_late(unsigned unused);             /* ns of an op that is turned away, and told of often enough */
double hg_work_late_places(unsigned unused);      /* ns of one that is turned away at a place that is new */
double hg_work_handles(unsigned count);           /* ns of one call, on one of so many handles at random */
double hg_work_churn(unsigned unused);            /* ns of a create and a free */
double hg_work_branch_churn(unsigned unused);     /* the same of a handle that is made from another one */
double hg_work_family(unsigned families);         /* ns of a free of one with children, beside so many like it */
double hg_work_wake(unsigned guarded);            /* ns from the last leave to the free's return; 0: of a futex alone */
double hg_work_memory(unsigned handles);          /* bytes that each of so many live handles costs the process */
double hg_work_dead(unsigned handles); /* the same of handles that are freed, and whose values never return */
double
hg_work_family_memory(unsigned families);  /* the same of a live one, of which two thirds are the others' children */
double hg_work_crowd(unsigned threads);    /* ns of a shared free while so many threads are in flight */
double hg_work_shared_free(unsigned busy); /* ns of a shared free beside an idle or a busy thread */
double hg_work_tail(unsigned what);        /* ns of an op beside shared frees; enum hg_tail */

enum hg_op_threads { HG_ONE_THREAD, HG_OWN_HANDLES, HG_SHARED_HANDLE };

/* Percentiles of an op's time, in parts of ten thousand; and what a free takes meanwhile. */
enum hg_tail { HG_TAIL_FREE = 0, HG_TAIL_P50 = 5000, HG_TAIL_P99 = 9900, HG_TAIL_P9999 = 9999 };

/* In a worker: whether it is to call the op that has stack arguments handed on. */
extern bool hg_with_words;

/* --- in the parent --- */

double hg_work_startup(enum hg_variant variant, unsigned calls); /* ms from exec to exit; 1: with a guarded call */
double hg_work_leaks(enum hg_variant variant, unsigned handles); /* processor ms, with so many that nobody frees */
double hg_work_disk(enum hg_variant variant, unsigned unused);   /* KiB of the recording of such a call */

/* ms from the first thread's start to the last one's end, in a program of their own: all there at once, or each ends
 * before the next starts. */
double hg_work_threads_together(enum hg_variant variant, unsigned count);
double hg_work_threads_in_turn(enum hg_variant variant, unsigned count);

/* us of loading one more plugin and unloading it, where so many are loaded */
double hg_work_loads(enum hg_variant variant, unsigned loaded);

/* Processor ms that a report takes of so many findings at places of their own in one recording, of so many recordings;
 * and the MiB that the latter needs at most */
double hg_work_report_findings(enum hg_variant variant, unsigned findings);
double hg_work_report_recordings(enum hg_variant variant, unsigned recordings);
double hg_work_report_memory(enum hg_variant variant, unsigned recordings);

/* ns of a create and a free in a program of that language, what one takes longer where it is seen first, or a free that
 * meets an op of another thread where that is seen first; enum hg_moment */
double hg_work_java(enum hg_variant variant, unsigned when);
double hg_work_python(enum hg_variant variant, unsigned when);
double hg_work_go(enum hg_variant variant, unsigned when);

enum hg_moment { HG_KNOWN_PLACE, HG_FIRST_CAPTURE, HG_DEEP_CAPTURE, HG_OF_ANOTHER, HG_OP_LOOP };

/* us of one unit of a whole program's work (programs/): enum hg_program */
double hg_work_program(enum hg_variant variant, unsigned program);

enum hg_program { HG_SQLITE_IN_C, HG_SQLITE_IN_PYTHON, HG_ZMQ_IN_PYTHON, HG_CURL_IN_C };

#endif
