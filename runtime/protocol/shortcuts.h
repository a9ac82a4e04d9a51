/* From the hash of a class and value to its guard, past the handle table's nodes: one line of memory instead of four or
 * five. Whatever is not here is in the table.
 *
 * Which store becomes visible to which load (G: the guard's `dead`, S: a place here; all sequentially consistent):
 *
 *   guard is kept here           guard leaves the table
 *   ------------------           ----------------------
 *   store S                      G: gone
 *   load G: gone? clear S        load S: still there? clear it
 *
 *   So when all visits are over that had begun before a guard left the table, it stands here no more. Who finds one
 * asks whether it still stands here after it has seen that it is the right one and not gone: a guard that has become
 * another value's since does not. */
#ifndef HG_SHORTCUTS_H
#define HG_SHORTCUTS_H

#include <stdatomic.h>
#include <stdint.h>

struct hg_guard;

/* How many guards the table has now: there will be places for them. On a visit. */
void hg_shortcuts_make_room(unsigned guards);

/* Where a guard with this hash may stand; null: nowhere. And what is in there. */
_Atomic uint64_t *hg_shortcut_at(uint64_t hash);
struct hg_guard *hg_shortcut_guard(uint64_t held);

/* On a visit that has found the guard in the table, or put it there. */
void hg_shortcut_keep(uint64_t hash, struct hg_guard *guard);

/* It has left the table. */
void hg_shortcut_drop(uint64_t hash, const struct hg_guard *guard);

/* In a forked child. */
void hg_shortcuts_forked(void);

#endif
