#ifndef LOADER_H
#define LOADER_H

#include "plugin.h"

/* The plugin that was loaded while the process started; null: it could not be. */
const struct plugin *loader_plugin(void);
const struct plugin *front_plugin(void); /* the same */

#endif
