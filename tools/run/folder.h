/* The folder of one run's recordings: a fresh one each, so that runs side by side never report each other's. */
#ifndef HG_RUN_FOLDER_H
#define HG_RUN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* Makes a folder of this run in `parent`, which is made (0700) if it is missing and must belong to the user; in the
 * folder for temporary files if `parent` is null. Checks that there are `room` bytes for a recording. The path is
 * absolute and malloc'ed; null after saying on standard error what is wrong. */
char *hg_folder_make(const char *program, const char *parent, size_t room);

/* Paths (malloc'ed, as is the list) of the recordings in the folder, sorted. Returns how many. */
size_t hg_folder_recordings(const char *folder, char ***paths);
void hg_folder_recordings_free(char **paths, size_t count);

/* The path of a file in the folder, to be freed; null: there is none of that name. */
char *hg_folder_file(const char *folder, const char *name);

/* Removes the folder and what is in it. */
void hg_folder_remove(const char *folder);

/* From now on a signal that ends the tool first removes the folder with these recordings. Folder and paths must stay
 * valid. */
void hg_folder_remove_when_killed(const char *folder, char *const *paths, size_t count);

#endif
