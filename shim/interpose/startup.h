#ifndef HG_STARTUP_H
#define HG_STARTUP_H

struct hg_image;

/* To be called while the process starts, before the first image is registered. */
void hg_start_up(void);

/* What a preload object's own constructor calls: the dynamic linker is done with all that the start has loaded. */
void hg_register_image(struct hg_image *image);

#endif
