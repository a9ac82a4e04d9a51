/* Whole programs that use a library as programs do: what guarding adds to them is what their users notice. */
#include <stddef.h>

#include "works.h"

static const char *const commands[][4] = {[HG_SQLITE_IN_C] = {HG_PROGRAMS "/hg_sqlite_queries"},
                                          [HG_SQLITE_IN_PYTHON] = {HG_PYTHON, "-B", HG_SOURCES "/sqlite_queries.py"},
                                          [HG_ZMQ_IN_PYTHON] = {HG_PYTHON, "-B", HG_SOURCES "/zmq_round_trips.py"},
                                          [HG_CURL_IN_C] = {HG_PROGRAMS "/hg_curl_transfers"}};

double hg_work_program(enum hg_variant variant, unsigned program)
{
	return hg_subject(variant, (char **)commands[program]);
}
