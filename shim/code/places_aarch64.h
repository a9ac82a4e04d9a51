/* The addresses that instructions of 64-bit Arm take or read from. Where one does not reach, they take two steps: the
 * first leaves a page in a register, to which the next ones add. */
#ifndef HG_PLACES_AARCH64_H
#define HG_PLACES_AARCH64_H

#include <stdbool.h>
#include <stdint.h>

enum { HG_REGISTERS = 32 }; /* no limit: as many as there are */

/* The pages that stand in registers. An object's own first one is 0. */
struct hg_pages {
	uint64_t list[HG_REGISTERS];
	uint32_t known; /* a bit a register */
};

enum hg_place_use {
	HG_PLACE_NONE,
	HG_PLACE_TAKEN, /* the address itself */
	HG_PLACE_READ   /* the eight bytes there */
};

/* What an instruction does with a place, as far as can be seen by those before it, in the order in which they stand: on
 * other ways to it there may be other pages in the registers. `at`, `address`: as the tables have it. */
enum hg_place_use hg_place_in(uint32_t code, uint64_t at, struct hg_pages *pages, uint64_t *address);

#endif
