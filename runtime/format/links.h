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
	int32_t head;   /* of the table: it is there if anything is */
	uint32_t flags; /* enum hg_link_flag */
};

/* The library's own calls do not come by the wrapper: its archive was written anew (`--library`), and calls the
 * function by another name. */
enum hg_link_flag { HG_LINK_PROGRAMS = 1 };

/* What stands for a function of the C library itself behind a wrapper of it, which leads to the runtime that is inside
 * a program that is fully static. */
struct hg_link_real {
	uint64_t function;
	int32_t name; /* counts from where it stands */
	uint32_t unused;
};

#define HG_LINKS_REALS "handleguard_reals" /* the section of these */

/* A note of such a program: its guards are inside. */
#define HG_LINKS_NOTE_NAME "handleguard"
enum { HG_LINKS_NOTE_TYPE = 1 };

struct hg_links_note {
	uint32_t version; /* of the images that they understand: HG_IMAGE_VERSION */
	struct hg_links_head head;
};

#endif
