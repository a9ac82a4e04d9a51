/* Objects into which a guarded library is linked together with its binding: which of their code is whose
 * (sides/sides.h). They export the library's functions as the library would, but what calls these there is the program,
 * too. */
#ifndef HG_LINKED_IN_H
#define HG_LINKED_IN_H

#include "bind/side_ranges.h"
#include "dynlink/objects.h"

/* Of an object that defines guarded functions. Null: all of it is the library, as far as is known. Reads its file:
 * while the objects are held, once. */
const struct hg_side_ranges *hg_linked_in(const struct hg_object *object);

/* Whether an object that is not the library by its name has a guarded function in its full symbol table: exported or
 * not. */
bool hg_linked_in_any(const struct hg_object *object);

/* Finds the sides of an object that is not the library by its name, if it has both, and gives them to `work`. They hold
 * as long as that takes. */
typedef void hg_linked_in_work(const struct hg_object *object, const struct hg_sides *sides, void *argument);
void hg_linked_in_with(const struct hg_object *object, hg_linked_in_work *work, void *argument);

#endif
