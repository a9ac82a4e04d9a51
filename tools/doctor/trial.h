/* A run of a program of our own, made as `run` makes it. Whatever keeps guards from working on this machine shows
 * there, and harms only that program. */
#ifndef HG_DOCTOR_TRIAL_H
#define HG_DOCTOR_TRIAL_H

#include <stddef.h>

enum hg_trial_outcome {
	HG_TRIAL_GOOD,         /* guards came up, held and recorded */
	HG_TRIAL_REFUSED,      /* `run` would not start anything; `said` says why */
	HG_TRIAL_KILLED,       /* a signal ended the program, or `run` itself */
	HG_TRIAL_NO_GUARDS,    /* the program ran, but the loader did not preload into it */
	HG_TRIAL_NO_RECORDING, /* guards came up, but could not record */
	HG_TRIAL_FAILED        /* guards did not hold */
};

struct hg_trial {
	enum hg_trial_outcome outcome;
	int signal;     /* that ended it; 0: none */
	char said[512]; /* the first line on standard error; empty: none */
};

/* `folder` is for recordings, as `run` would be told; null: a temporary one. The trial removes what it makes there. */
void hg_trial_make(struct hg_trial *trial, const char *program, const char *const *manifests, size_t count,
                   const char *folder);

/* What the program of the trial does, in a process of its own. Returns its exit status. */
int hg_trial_try(void);

#endif
