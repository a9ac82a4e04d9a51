/* Stands between the program and the loader, which therefore starts earlier than what is preloaded. */
#include "loader.h"

const struct plugin *front_plugin(void)
{
	return loader_plugin();
}
