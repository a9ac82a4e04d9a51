/* An example of functions that are found in tables only. */
#include "examples.h"
#include "parts.h"
#include "scenario.h"

static const struct net_camera_api *api;

static void grab_camera(void *camera)
{
	CHECK(api->grab(camera) == 2);
}

static void close_camera(void *camera)
{
	api->close(camera);
}

static void dead_camera(void)
{
	const struct net_camera_api *before = net_camera_base()->get_api(1);
	CHECK(net_camera_base()->get_api(2) == NULL);
	api = net_camera_base()->get_api(1);
	CHECK(api == before);
	struct box *camera = api->open();
	CHECK(api->focus_twice(api, camera) == 2);
	free_during(grab_camera, camera, close_camera, camera, let_box_go);
	CHECK(api->grab(camera) == -EPIPE);
}

static void dead_lens(void)
{
	const struct net_lens_functions *lenses;
	CHECK(net_lens_list(&lenses) == 0 && lenses->version == 2);
	struct box *lens = lenses->open();
	CHECK(lenses->turn(lens) == 1);
	lenses->close(lens);
	CHECK(lenses->turn(lens) == -EPIPE);
}

static void dead_tripod(void)
{
	struct net_tripod_functions functions;
	net_tripod_fill(&functions);
	struct box *tripod = functions.open();
	CHECK(functions.turn(tripod) == 1);
	functions.close(tripod);
	CHECK(functions.turn(tripod) == -EPIPE);
}

void functions_in_tables(void)
{
	dead_camera();
	dead_lens();
	dead_tripod();
}
