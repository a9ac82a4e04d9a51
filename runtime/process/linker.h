/* Visiting the loaded objects: dl_iterate_phdr, made safe against forks and signals. */
#ifndef HG_LINKER_H
#define HG_LINKER_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

typedef int hg_linker_visitor(struct dl_phdr_info *info, size_t size, void *argument);

/* As dl_iterate_phdr. The visitor must wait for nothing; it may visit in turn. */
int hg_linker_visit(hg_linker_visitor *visit, void *argument);

/* How often objects were loaded and unloaded, in one number: equal ones mean that nothing changed. Never 0. */
uint64_t hg_linker_changes(void);

/* The same as it was at the thread's last hg_linker_changes_hold, until that is released: one visit instead of many.
 * Who jumps out meanwhile leaves it held: so only who comes after a hold of its own may ask for it. */
uint64_t hg_linker_changes_held(void);
uint64_t hg_linker_changes_hold(void);
void hg_linker_changes_release(uint64_t held_before);

/* To be called while the process starts. */
void hg_linker_start(void);

/* Whether there is no dynamic linker: the runtime is a part of a program that is fully static. */
bool hg_linker_is_absent(void);

/* linker_lock.c: beneath the others, dl_iterate_phdr of the C library itself, whatever stands before it. */
int hg_linker_iterate(hg_linker_visitor *visit, void *argument);

/* Whether the lock that dl_iterate_phdr takes is held, in this forked child, by a thread of its parent:
 * whoever takes it waits for ever. */
bool hg_linker_lock_is_lost(void);
void hg_linker_lock_start(void);

/* linker_walk.c: visits without that lock, where it is lost: nothing can be loaded or unloaded any more. `adds` and
 * `subs` are what dl_iterate_phdr said last. */
int hg_linker_walk(hg_linker_visitor *visit, void *argument, unsigned long long adds, unsigned long long subs);
void hg_linker_walk_start(void);

#endif
