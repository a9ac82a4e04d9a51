/* The instructions that lead to a call or a jump, and from where else code comes to them. To find them takes a reading
 * of the whole function, so they are kept, a place each. */
#ifndef HG_CODE_RUN_H
#define HG_CODE_RUN_H

#include "code/code_of.h"
#include "code/effects.h"

enum { HG_RUN = 64, HG_RUN_JOINS = 64 }; /* no limit: compilers put what belongs together nearer */

struct hg_run_step {
	uint32_t changes;
	uint16_t back; /* how far before the end of all it begins */
	uint8_t way;   /* enum hg_way */
};

/* A jump, by how far before the end of all it ends (after it: below 0), and where it leads. */
struct hg_join {
	int32_t after;
	uint16_t to;
};

struct hg_run {
	uint64_t low, high; /* of the function, or of the part of it that lies here */
	uint64_t code_high;
	uint64_t end, after;    /* the last instruction, to which the others lead; and where it ends */
	unsigned count, newest; /* of the steps; the place of the last one */
	struct hg_run_step steps[HG_RUN];
	unsigned join_count;
	bool ambiguous; /* there may be more joins */
	bool tables;    /* the function may jump by a table */
	bool unread;    /* the code cannot be read up to there */
	struct hg_join joins[HG_RUN_JOINS];
};

/* Never given up. Any thread may look and add at any time. */
enum { HG_RUNS = 256 }; /* no limit: more are read anew each time */
struct hg_runs {
	const struct hg_run *_Atomic list[HG_RUNS];
};

/* To the instruction that ends here; null: the code cannot be read up to there. `room`: for one that is not kept. */
const struct hg_run *hg_run_to(const struct hg_code *code, uint64_t after, struct hg_run *room);

/* The same for code that begins here, is no function, and is reached by its beginning only. */
bool hg_run_from(const struct hg_code *code, uint64_t low, uint64_t after, struct hg_run *run);

/* By their numbers: the last before the end has 0. */
static inline const struct hg_run_step *hg_run_step(const struct hg_run *run, unsigned number)
{
	return &run->steps[(run->newest + HG_RUN - number) % HG_RUN];
}

/* Where the step begins. */
static inline uint64_t hg_run_at(const struct hg_run *run, unsigned number)
{
	return run->after - hg_run_step(run, number)->back;
}

/* Positions lie between the steps: 0 before the end, the others before the step whose number is one less.
 *
 * The first join, from this one of all on, that leads to the position; null: there is none. */
const struct hg_join *hg_run_join(const struct hg_run *run, unsigned position, unsigned from);

/* Whether code comes to the position from the step before it. */
bool hg_run_goes_on(const struct hg_run *run, unsigned position);

#endif
