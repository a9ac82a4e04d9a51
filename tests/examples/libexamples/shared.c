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
