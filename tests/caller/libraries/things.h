/* Objects that can be poked. */
#ifndef THINGS_H
#define THINGS_H

#include <glib-object.h>

#include "caller.h"

typedef struct {
	GObject parent;
} Thing;
typedef GObjectClass ThingClass;

GType thing_get_type(void);
G_DEFINE_TYPE(Thing, thing, G_TYPE_OBJECT)

static void thing_class_init(ThingClass *class)
{
	g_signal_new("poke", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void thing_init(Thing *thing)
{
	(void)thing;
}

static inline GObject *make(void)
{
	return g_object_new(thing_get_type(), NULL);
}

#endif
