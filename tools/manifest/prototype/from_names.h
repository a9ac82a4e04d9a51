/* Prototypes of functions of which the names alone are known. */
#ifndef HG_MANIFEST_PROTOTYPE_FROM_NAMES_H
#define HG_MANIFEST_PROTOTYPE_FROM_NAMES_H

#include "manifest/prototype/prototype.h"

/* Takes `x_y_free` for a function that frees an x_y, which is its first argument, as it is that of every function whose
 * name begins with `x_y_`; `x_y_new` and its like return one. All of it is guesswork. */
void hg_names_read(struct hg_prototypes *prototypes, char *const *names, size_t count);

#endif
