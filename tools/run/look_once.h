/* What a program has been looked through for is remembered (dynlink/looked_through.h). */
#ifndef HG_RUN_LOOK_ONCE_H
#define HG_RUN_LOOK_ONCE_H

/* Names the file to the runtime. */
#define HG_LOOKED_THROUGH_VARIABLE "HANDLEGUARD_LOOKED_THROUGH"

/* In the user's cache. What is remembered there, `handleguard clean` forgets. */
#define HG_LOOKED_THROUGH_FILE "looked-through-1"

/* Makes the file, and names it in the environment, unless a file, or none, is named there. */
void hg_run_look_once(void);

#endif
