/* References of GObject and GVariant out of balance: one is dropped twice, by another thread; what is left of the
 * object is used; a reference is never dropped; and the last one is dropped while another thread, which has none, is in
 * a call.
 *
 * finding: repeat-free object o; call g_object_unref in drop_again on second; free g_object_unref in drop;
 *     create g_object_new in make
 * finding: late-op object o; call g_object_get_data in use_late; free g_object_unref in drop;
 *     create g_object_new in make
 * finding: late-free object busy; call g_object_unref in drop_under_way on second;
 *     op g_signal_emit_by_name in borrow on first; create g_object_new in make; drained
 * finding: leak variant v; create g_variant_new_int32 in main; holder g_variant_ref_sink in main of v
 * recording: handles.object.created=2 handles.object.freed=2 handles.variant.created=1 handles.variant.freed=0
 */
#include <glib-object.h>

#include "scenario.h"

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

static GObject *make(const char *name)
{
	GObject *object = g_object_new(thing_get_type(), NULL);
	tell(name, object);
	return object;
}

static void drop(GObject *object)
{
	g_object_unref(object);
}

static void drop_again(void *object)
{
	g_object_unref(object);
}

static void use_late(GObject *object)
{
	CHECK(g_object_get_data(object, "any") == NULL);
}

static void keep(GVariant *variant)
{
	g_variant_ref(variant);
}

/* --- a call in flight --- */

static sem_t called, may_return;

static void stand_still(GObject *object, gpointer unused)
{
	(void)object;
	(void)unused;
	sem_post(&called);
	sem_wait(&may_return);
}

static void borrow(void *object)
{
	g_signal_emit_by_name(object, "poke");
}

static void drop_under_way(void *object)
{
	g_object_unref(object);
}

static void drop_while_borrowed(GObject *busy)
{
	struct side first, second;
	g_signal_connect(busy, "poke", G_CALLBACK(stand_still), NULL);
	start(&first, "first", borrow, busy);
	sem_wait(&called);
	start(&second, "second", drop_under_way, busy);
	await_drain(&second);
	sem_post(&may_return);
	join(&first);
	join(&second);
}

int main(void)
{
	struct side second;
	/* Both are there before one is freed, so that neither is made where the other was. */
	GObject *object = make("o"), *busy = make("busy");
	GVariant *variant = g_variant_ref_sink(g_variant_new_int32(1));
	tell("v", variant);
	sem_init(&called, 0, 0);
	sem_init(&may_return, 0, 0);
	drop(object);
	start(&second, "second", drop_again, object);
	join(&second);
	use_late(object);
	keep(variant);
	g_variant_unref(variant);
	drop_while_borrowed(busy);
	return 0;
}
