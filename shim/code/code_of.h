/* The code of a library, and which function an address lies in. */
#ifndef HG_CODE_OF_H
#define HG_CODE_OF_H

#include <stdint.h>

struct hg_runs;

/* The code of one library, and where its functions begin. */
struct hg_code {
	uint64_t low, high;
	uint64_t base;         /* of the table: what its addresses count from */
	const int32_t *starts; /* pairs, of which the first is where a function begins; sorted. Null: not known */
	unsigned start_count;
	struct hg_runs *runs; /* what has been read of the code, if it stays as it is (code_run.h); null: not kept */
};

/* Where the function ends that begins here, by where the next one begins; 0: none begins here. */
uint64_t hg_code_end_of(const struct hg_code *code, uint64_t function);

/* Where the function begins in which this lies; where it is not known, the code. */
uint64_t hg_code_start_of(const struct hg_code *code, uint64_t at);

#endif
