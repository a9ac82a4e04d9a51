/* What the processes of a run know of the programs that they have started: a file beside the recordings, which each of
 * them maps when it starts. Who starts a program that will have no guards notes it there, so that the report can say
 * what was not seen. All of it was allocated by `handleguard run`; readers trust nothing. */
#ifndef HG_FORMAT_LAUNCHES_H
#define HG_FORMAT_LAUNCHES_H

#include <assert.h>
#include <stdint.h>

#define HG_LAUNCHES_FILE    "launches"
#define HG_LAUNCHES_MAGIC   UINT32_C(0x4c474801)
#define HG_LAUNCHES_VERSION 1

enum hg_unguarded {
	HG_GUARDED,
#define HG_UNGUARDED(reason, id, words) HG_UNGUARDED_##reason,
#include "unguarded.def"
#undef HG_UNGUARDED
	HG_UNGUARDED_COUNT
};

enum { HG_LAUNCH_FREE, HG_LAUNCH_WRITING, HG_LAUNCH_WRITTEN };

struct hg_launch {
	_Atomic uint32_t state;
	uint32_t reason;        /* enum hg_unguarded */
	_Atomic uint64_t times; /* less those that failed */
	char program[368];      /* path. no limit: of a longer one the end is kept */
	char starter[128];      /* of the program that started it. no limit: likewise */
};

enum { HG_LAUNCHES = 255 }; /* limit: told as launches_cut */

struct hg_launches {
	uint32_t magic, version;
	uint32_t program;           /* process id of the program that `run` started; 0: not yet */
	_Atomic uint32_t seen;      /* it came up with guards */
	_Atomic uint64_t processes; /* that came up with guards */
	_Atomic uint64_t cut;       /* launches that there was no room for */
	_Atomic uint64_t recorded;  /* processes that made a recording */
	_Atomic uint64_t refused;   /* that could make none */
	char unused[464];
	struct hg_launch list[HG_LAUNCHES];
};

static_assert(sizeof(struct hg_launch) == 512, "layout");
static_assert(sizeof(struct hg_launches) == 512 * (HG_LAUNCHES + 1), "layout");

#endif
