/* Which module of a recording an address lay in, and when. */
#ifndef HG_REPORT_SYMBOLS_FIND_MODULE_H
#define HG_REPORT_SYMBOLS_FIND_MODULE_H

#include "format/reader.h"

/* The module that held `pc` at that time. Of modules that held it one after the other, the one that was there is taken,
 * else the one that was seen next (a module is seen a little later than it is loaded), else the last. Null: none. */
const struct hg_record_module *hg_find_module(const struct hg_reader *reader, uint64_t pc, uint64_t ticks);

#endif
