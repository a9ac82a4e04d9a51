#ifndef HG_REPORT_SYMBOLS_DEMANGLE_H
#define HG_REPORT_SYMBOLS_DEMANGLE_H

#include "report/model/model.h"

/* The readable form of a name of C++ or Rust, of either mangling of Rust, or the name itself. */
const char *hg_demangle(struct hg_model *model, const char *name);

#endif
