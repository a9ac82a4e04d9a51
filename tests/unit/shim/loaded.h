/* Plain libraries, loaded by the test, and the objects that they are. */
#ifndef LOADED_H
#define LOADED_H

#include <check.h>
#include <dlfcn.h>
#include <stdbool.h>

#include "dynlink/objects.h"

/* Loads a library of the build's folder for tests. The process is known to have loaded it at run time. */
void *load(const char *name, int flags);
void *symbol_in(void *handle, const char *name);

/* Where the library that is loaded with this handle lies among the objects. */
unsigned number_of(const struct hg_objects *objects, void *handle);

/* The object as it describes itself. */
struct hg_object object_of(void *handle);

/* Does something with the objects while they are held. */
void with_objects(void (*work)(const struct hg_objects *objects, void *argument), void *argument);

#endif
