/* Gives files of a run's folder to those of its processes that cannot reach it any more (format/keeper.h). */
#ifndef HG_RUN_FOLDER_KEEPER_H
#define HG_RUN_FOLDER_KEEPER_H

struct hg_keeper;

/* Starts to listen, in a thread of its own. Null if it cannot: then such processes keep no recording, and say so. */
struct hg_keeper *hg_keeper_start(const char *folder);
void hg_keeper_stop(struct hg_keeper *keeper);

#endif
