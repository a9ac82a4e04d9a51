/* Visiting the loaded objects: dl_iterate_phdr, made safe against forks and signals. */
#ifndef HG_LINKER_H
#define HG_LINKER_H

#include <link.h>

/* As dl_iterate_phdr. The visitor must wait for nothing. */
int hg_linker_visit(int (*visit)(struct dl_phdr_info *, size_t, void *), void *argument);

/* The same from within a visit. */
int hg_linker_visit_again(int (*visit)(struct dl_phdr_info *, size_t, void *), void *argument);

/* To be called while the process starts. */
void hg_linker_start(void);

#endif
