/* All that shim/ may know of the engine. */
#ifndef HG_RUNTIME_H
#define HG_RUNTIME_H

#include "claims.h"
#include "counters.h"
#include "family.h"
#include "fence.h"
#include "finding.h"
#include "frames.h"
#include "guard.h"
#include "handle_table.h"
#include "holders.h"
#include "inherited.h"
#include "launches.h"
#include "libc.h"
#include "limit.h"
#include "linker.h"
#include "memory.h"
#include "modules.h"
#include "process.h"
#include "quarantine.h"
#include "race.h"
#include "refusal.h"
#include "sanitizers.h"
#include "stack.h"
#include "standing.h"
#include "sys.h"
#include "tables.h"
#include "thread.h"
#include "work_stack.h"

#endif
