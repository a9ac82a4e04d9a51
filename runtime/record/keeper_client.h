/* A file in the folder for recordings, had from `handleguard run`, where this process cannot open it itself. */
#ifndef HG_KEEPER_CLIENT_H
#define HG_KEEPER_CLIENT_H

#include "format/keeper.h"

/* A descriptor for the file of this name in the folder; or a negative errno. Waits for no more than a second. */
int hg_keeper_ask(const char *folder, enum hg_keeper_verb verb, const char *name);

#endif
