/* Ops at many places: make_places.py writes the code. */
#ifndef PLACES_H
#define PLACES_H

#include "target.h"

enum { PLACES = 20000 };

/* Calls target_op at a line of its own; `place` is less than PLACES. */
void op_at_place(struct target *target, unsigned place);

#endif
