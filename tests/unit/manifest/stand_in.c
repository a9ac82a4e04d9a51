/* Stands in for the runtime, to test the preload object alone: notes what the object hands over. */
#include "stand_in.h"

__attribute__((visibility("hidden"))) struct stand_in_seen hg_seen;

void hg_register_image(struct hg_image *image);

struct stand_in_seen *stand_in_seen(void)
{
	return &hg_seen;
}

void hg_register_image(struct hg_image *image)
{
	hg_seen.image = image;
	hg_seen.registered++;
}
