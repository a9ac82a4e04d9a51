/* What the frames of languages above C cost, told by real programs of theirs. */
#include <stddef.h>

#include "harness.h"

static char *const moment[] = {[HG_KNOWN_PLACE] = (char *)"known", [HG_FIRST_CAPTURE] = (char *)"first"};

double hg_work_python(enum hg_variant variant, unsigned when)
{
	char *argv[] = {(char *)HG_PYTHON,         (char *)"-B", (char *)HG_LIVES_PYTHON,
	                (char *)HG_TARGET_LIBRARY, moment[when], NULL};
	return hg_subject(variant, argv);
}

#ifdef HG_LIVES_GO
double hg_work_go(enum hg_variant variant, unsigned when)
{
	char *argv[] = {(char *)HG_LIVES_GO, moment[when], NULL};
	return hg_subject(variant, argv);
}
#endif
