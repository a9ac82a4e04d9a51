/* The runtime inside a program that is fully static: there is no dynamic linker, which would have loaded the preload
 * objects and could be asked for objects and functions. It is one object file (alone.cmake), in which these sources
 * stand in for runtime/base/libc.c, runtime/process/linker*.c, runtime/stack/unwinder_memory.c, shim/bind/dlopen.c and
 * what looks functions up. */
#ifndef HG_ALONE_H
#define HG_ALONE_H

#include <link.h>

/* alone_libc.c: finds out which C library the program has; the runtime is built for the GNU one's headers. */
void hg_alone_know_libc(void);

/* alone_preloads.c: maps the preload objects among what LD_PRELOAD names; and has each register its image, as the
 * dynamic linker would have. */
void hg_alone_map(const char *names);
void hg_alone_initialize(void);

/* Those that are mapped, as dl_iterate_phdr would tell of them. */
enum { HG_ALONE_PRELOADS = 16 }; /* limit: OBJECTS_CUT */
extern unsigned hg_alone_preload_count;
extern struct dl_phdr_info hg_alone_preloads[HG_ALONE_PRELOADS];

#endif
