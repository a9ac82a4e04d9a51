/* A folder of this run's own. */
#ifndef SCRATCH_H
#define SCRATCH_H

void hg_scratch_make(void);
const char *hg_scratch(void);
unsigned hg_scratch_recordings(void);
double hg_scratch_kib(void); /* on the disk, once written out */
void hg_scratch_empty(void);
void hg_scratch_remove(void); /* nothing, if there is none */

#endif
