/* Functions that are exported by no name: in a table for each version of the library, which a function of another table
 * hands out (onnxruntime), in one whose address is stored (PKCS #11), and in one that is filled in. */
#include "examples.h"

static struct box *make(void)
{
	return box_new();
}

static int use(struct box *box)
{
	box_enter(box);
	box_leave(box);
	return 1;
}

static int grab(struct box *box)
{
	box_enter(box);
	box_park(box);
	box_leave(box);
	return 2;
}

static void end(struct box *box)
{
	box_free(box);
}

static int use_twice(const struct net_camera_api *api, struct box *box);

static const struct net_camera_api cameras = {"1", make, grab, use, use_twice, end};

/* By the table itself: the library's own business. */
static int use_twice(const struct net_camera_api *api, struct box *box)
{
	return api->focus(box) + cameras.focus(box);
}

static const struct net_camera_api *get_api(uint32_t version)
{
	return version == 1 ? &cameras : NULL;
}

static const struct net_camera_base base = {get_api, NULL};

const struct net_camera_base *net_camera_base(void)
{
	return &base;
}

int net_lens_list(const struct net_lens_functions **list)
{
	static const struct net_lens_functions lenses = {2, make, use, end};
	*list = &lenses;
	return 0;
}

void net_tripod_fill(struct net_tripod_functions *functions)
{
	*functions = (struct net_tripod_functions){make, use, end};
}
