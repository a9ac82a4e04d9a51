/* What preload objects export beside the guarded functions. */
#ifndef HG_MANIFEST_OBJECT_FORWARDS_H
#define HG_MANIFEST_OBJECT_FORWARDS_H

#include <stdint.h>

/* Functions of the C library that preload objects export, and whose calls they hand to the runtime: dlsym(3) and
 * dlvsym(3), by which programs look up guarded functions; the jumps by which a guarded call can be left; what loads and
 * unloads libraries; what starts other programs; what creates threads; and what is exported only if a class asks for
 * it, as others shall not pay for it. */
#define HG_FORWARD_COUNT 26
struct hg_forward {
	const char *name;   /* what is exported */
	const char *target; /* the runtime's */
	uint32_t wanted;    /* by a class with this flag; 0: always */
};
extern const struct hg_forward hg_forwards[HG_FORWARD_COUNT];

#endif
