/* What the frames of languages above C cost, told by real programs of theirs. */
#include <stddef.h>

#include "works.h"

static char *const moment[] = {[HG_KNOWN_PLACE] = (char *)"known",
                               [HG_FIRST_CAPTURE] = (char *)"first",
                               [HG_DEEP_CAPTURE] = (char *)"deep",
                               [HG_OF_ANOTHER] = (char *)"another",
                               [HG_OP_LOOP] = (char *)"ops"};

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

#ifdef HG_LIVES_JAVA
double hg_work_java(enum hg_variant variant, unsigned when)
{
	char *argv[] = {
	    (char *)HG_JAVA, (char *)"-cp", (char *)HG_LIVES_JAVA, (char *)"Lives", (char *)HG_LIVES_JAVA_NATIVE,
	    moment[when],    NULL};
	return hg_subject(variant, argv);
}
#endif
