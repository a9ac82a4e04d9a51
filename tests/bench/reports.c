/* What a report takes of many findings in one recording, and of many recordings. */
#include <stdio.h>

#include "scratch.h"
#include "works.h"

enum { RING_KIB = 256 << 10 };

unsigned hg_ring_kib;

static void make_findings(unsigned findings)
{
	char number[16];
	char *argv[] = {(char *)HG_MANY_FINDINGS, number, NULL};
	snprintf(number, sizeof number, "%u", findings);
	hg_ring_kib = RING_KIB;
	hg_run(HG_GUARDED, argv, NULL);
	hg_ring_kib = 0;
}

static void make_recordings(unsigned recordings)
{
	char *argv[] = {(char *)HG_NOTHING, (char *)"0", NULL};
	for (unsigned i = 0; i < recordings; i++)
		hg_run(HG_GUARDED, argv, NULL);
}

/* The first round makes what all report on: rows take turns with variants, not with each other. */
static bool is_new(void (*what)(unsigned), unsigned number)
{
	static void (*last)(unsigned);
	static unsigned last_number;
	bool same = what == last && number == last_number && hg_scratch_recordings() > 0;
	last = what;
	last_number = number;
	if (!same)
		hg_scratch_empty();
	return !same;
}

static double report(double *peak_mib)
{
	char *argv[] = {(char *)HG_PROGRAM, (char *)"report", (char *)hg_scratch(), NULL};
	return hg_run(HG_BARE, argv, peak_mib);
}

double hg_work_report_findings(enum hg_variant variant, unsigned findings)
{
	(void)variant;
	if (is_new(make_findings, findings))
		make_findings(findings);
	return report(NULL);
}

double hg_work_report_recordings(enum hg_variant variant, unsigned recordings)
{
	(void)variant;
	if (is_new(make_recordings, recordings))
		make_recordings(recordings);
	return report(NULL);
}

double hg_work_report_memory(enum hg_variant variant, unsigned recordings)
{
	double mib = 0;
	(void)variant;
	if (is_new(make_recordings, recordings))
		make_recordings(recordings);
	report(&mib);
	return mib;
}
