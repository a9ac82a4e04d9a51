/* Objects that count their references, and connections that everybody shares. */
#include "examples.h"

struct object {
	struct box *box;
	int references;
	int floating;
};

static struct object only;
static struct box *connection;
static int frees;

static obj *new_object(int floating)
{
	only = (struct object){box_new(), 1, floating};
	return (obj *)only.box;
}

obj *obj_new(void)
{
	return new_object(0);
}

obj *obj_new_floating(void)
{
	return new_object(1);
}

obj *obj_ref_sink(obj *object)
{
	only.references += !only.floating;
	only.floating = 0;
	return object;
}

obj *obj_ref(obj *object)
{
	only.references++;
	return object;
}

void obj_unref(obj *object)
{
	if (--only.references)
		return;
	box_free((struct box *)object);
	frees++;
}

int obj_draw(obj *object)
{
	box_enter((struct box *)object);
	box_leave((struct box *)object);
	return 1;
}

int obj_frees(void)
{
	return frees;
}

static struct object only_hub;

net_hub *net_hub_open(void)
{
	only_hub = (struct object){box_new(), 1, 0};
	return (net_hub *)only_hub.box;
}

net_hub *net_hub_ref(net_hub *hub)
{
	only_hub.references++;
	return hub;
}

static int drop_hub(void)
{
	if (--only_hub.references == 0)
		box_free(only_hub.box);
	return only_hub.references;
}

int net_hub_close(net_hub *hub)
{
	(void)hub;
	return drop_hub();
}

/* The leaf's is one of the references. */
net_leaf *net_leaf_new(net_hub *hub)
{
	box_enter((struct box *)hub);
	only_hub.references++;
	box_leave((struct box *)hub);
	return (net_leaf *)box_new();
}

int net_leaf_size(net_leaf *leaf)
{
	return obj_draw((obj *)leaf);
}

void net_leaf_free(net_leaf *leaf)
{
	box_free((struct box *)leaf);
	drop_hub();
}

net_photo *net_photo_open(void)
{
	return (net_photo *)net_hub_open();
}

net_photo *net_photo_keep(net_photo *photo)
{
	return (net_photo *)net_hub_ref((net_hub *)photo);
}

int net_photo_size(net_photo *photo)
{
	return obj_draw((obj *)photo);
}

void net_photo_close(net_photo *photo)
{
	(void)photo;
	drop_hub();
}

uint32_t conn_connect(void)
{
	if (!connection)
		connection = box_new();
	return 1;
}

int conn_send(uint32_t conn)
{
	(void)conn;
	box_enter(connection);
	box_leave(connection);
	return 1;
}

int conn_disconnect(uint32_t conn)
{
	(void)conn;
	box_free(connection);
	connection = NULL;
	return 0;
}

/* --- the radio --- */

static int starts, bands;
static struct box *last_band;

int net_radio_start(void)
{
	starts++;
	return 0;
}

int net_radio_count(void)
{
	return bands;
}

int net_radio_stop(void)
{
	if (--starts == 0 && last_band)
		box_free(last_band);
	return 0;
}

net_band *net_band_open(void)
{
	bands++;
	return (net_band *)(last_band = box_new());
}

int net_band_listen(net_band *band)
{
	struct box *box = (struct box *)band;
	box_enter(box);
	box_park(box);
	box_leave(box);
	return 2;
}

int net_mixer_set(void)
{
	return 1;
}

/* --- native methods --- */

void *Java_Stream_open(void *environment, void *class)
{
	(void)environment, (void)class;
	return box_new();
}

int Java_Stream_read(void *environment, void *class, void *stream)
{
	(void)environment, (void)class;
	box_enter(stream);
	box_leave(stream);
	return 1;
}

void Java_Stream_close(void *environment, void *class, void *stream)
{
	(void)environment, (void)class;
	box_free(stream);
}
