/* A table of the library's own functions that is longer than what is looked at. */
#include "gate.h"

#define TIMES_8(x)  x, x, x, x, x, x, x, x
#define TIMES_64(x) TIMES_8(x), TIMES_8(x), TIMES_8(x), TIMES_8(x), TIMES_8(x), TIMES_8(x), TIMES_8(x), TIMES_8(x)
#define TIMES_512(x)                                                                                                   \
	TIMES_64(x), TIMES_64(x), TIMES_64(x), TIMES_64(x), TIMES_64(x), TIMES_64(x), TIMES_64(x), TIMES_64(x)

int (*const gate_touchers[])(gate *) = {TIMES_512(gate_touch), TIMES_512(gate_touch), TIMES_512(gate_touch),
                                        TIMES_512(gate_touch), TIMES_512(gate_touch), TIMES_512(gate_touch),
                                        TIMES_512(gate_touch), TIMES_512(gate_touch), TIMES_512(gate_touch)};
