/* What a program or library has in it that was linked with the archive of `handleguard manifest link`: a dynamic symbol
 * HG_LINKS_SYMBOL, and a table with an entry for each guarded function that is called by a wrapper of the archive. All
 * but the functions counts from where it stands, so that it can be read in the file as well as in memory. */
#ifndef HG_LINKS_H
#define HG_LINKS_H

#include <stdint.h>

#define HG_LINKS_SYMBOL  "handleguard_links"
#define HG_LINKS_SECTION "handleguard_links" /* the table's */

struct hg_links_head {
	int32_t first, end; /* of the table */
};

/* The wrapper jumps through the first word. */
struct hg_link {
	uint64_t function;
	int32_t name;
	int32_t wrapper;
	int32_t head; /* of the table: it is there if anything is */
	uint32_t unused;
};

#endif
