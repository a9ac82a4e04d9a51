/* What the stand-in runtime saw. The assembly files know the offsets. */
#ifndef HG_TEST_STAND_IN_H
#define HG_TEST_STAND_IN_H

#include <stddef.h>
#include <stdint.h>

#define STAND_IN_RESULT 0x5eed

struct hg_image;

struct registers {
	uint64_t rdi, rsi, rdx, rcx, r8, r9, rax, r10, r11;
	uint64_t rsp;
	uint8_t xmm[8][16];
};

struct stand_in_seen {
	struct registers call; /* at the latest call of hg_trampoline */
	uint64_t dl_image;     /* r11 at the latest call of hg_dlsym or hg_dlvsym */
	uint64_t dl_arguments[3];
	uint64_t dl_symbol, dl_version_symbol; /* how often each was called */
	struct hg_image *image;                /* as registered */
	uint64_t registered;                   /* how often */
};

_Static_assert(offsetof(struct registers, xmm) == 80, "assembly");
_Static_assert(offsetof(struct stand_in_seen, dl_image) == 208, "assembly");

struct stand_in_seen *stand_in_seen(void);

#endif
