/* A binding that has the library's sources in its own. */
#include "module.c"

#include "binding.c"
#include "more.c"

#include "box.c"
#include "end.c"
#include "helper.c"
#include "table.c"
