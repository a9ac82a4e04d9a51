/* What preload objects export beside the guarded functions. */
#ifndef HG_MANIFEST_OBJECT_FORWARDS_H
#define HG_MANIFEST_OBJECT_FORWARDS_H

/* Functions of the C library that preload objects export, and whose calls they hand to the runtime: dlsym(3) and
 * dlvsym(3), by which programs look up guarded functions; the jumps by which a guarded call can be left; what loads and
 * unloads libraries; what starts other programs; what creates threads; and last free(3), which is exported only if a
 * class has a quarantine, as others shall not pay for it. */
#define HG_FORWARD_COUNT 25
struct hg_forward {
	const char *name;   /* what is exported */
	const char *target; /* the runtime's */
};
extern const struct hg_forward hg_forwards[HG_FORWARD_COUNT];

#endif
