/* What preload objects export beside the guarded functions. */
#ifndef HG_MANIFEST_OBJECT_FORWARDS_H
#define HG_MANIFEST_OBJECT_FORWARDS_H

/* Functions of the C library that preload objects export, to hand them to the runtime: dlsym(3) and dlvsym(3), by which
 * guarded functions are looked up, the ways to leave a guarded call by a jump, what loads and unloads libraries, what
 * starts other programs, and last free(3), only where a class has a quarantine: nobody else shall pay for it. */
#define HG_FORWARD_COUNT 23
struct hg_forward {
	const char *name;   /* what is exported */
	const char *target; /* the runtime's */
};
extern const struct hg_forward hg_forwards[HG_FORWARD_COUNT];

#endif
