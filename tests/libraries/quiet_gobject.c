/* References of GObject and GVariant as they are meant to be: every one is dropped once, by whichever thread; a
 * callback drops one in the middle of an emission; a dispose of the program's own takes one and gives it back; floating
 * variants are taken over.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.object.created=202 handles.object.freed=202 handles.variant.created=101 handles.variant.freed=101
 *     counters.holders-cut=0
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.object.created=202 handles.object.freed=202 handles.variant.created=101 handles.variant.freed=101
 * run: HANDLEGUARD_MODE=abort
 * recording: handles.object.created=202 handles.object.freed=202 handles.variant.created=101 handles.variant.freed=101
 */
#include <glib-object.h>

enum { THREADS = 4, ROUNDS = 500, OBJECTS = 200, VARIANTS = 100 };

typedef struct {
	GObject parent;
} Thing;
typedef GObjectClass ThingClass;

GType thing_get_type(void);
G_DEFINE_TYPE(Thing, thing, G_TYPE_OBJECT)

static gint disposed, finalized;

static void dispose(GObject *object)
{
	g_object_ref(object);
	g_atomic_int_inc(&disposed);
	g_object_unref(object);
	G_OBJECT_CLASS(thing_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
	g_atomic_int_inc(&finalized);
	G_OBJECT_CLASS(thing_parent_class)->finalize(object);
}

static void thing_class_init(ThingClass *class)
{
	class->dispose = dispose;
	class->finalize = finalize;
	g_signal_new("poke", G_TYPE_FROM_CLASS(class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void thing_init(Thing *thing)
{
	(void)thing;
}

/* Drops the reference that it was handed. */
static gpointer refer(gpointer object)
{
	for (int i = 0; i < ROUNDS; i++) {
		g_object_ref(object);
		g_object_set_data(object, "last", GINT_TO_POINTER(i));
		g_object_unref(object);
	}
	g_object_unref(object);
	return NULL;
}

static void between_threads(void)
{
	GThread *threads[THREADS];
	GObject *object = g_object_new(thing_get_type(), NULL);
	for (int i = 0; i < THREADS; i++)
		threads[i] = g_thread_new("referrer", refer, g_object_ref(object));
	g_object_unref(object);
	for (int i = 0; i < THREADS; i++)
		g_thread_join(threads[i]);
}

static void drop_owner(GObject *object, gpointer unused)
{
	(void)unused;
	GObject *owner = g_object_get_data(object, "owner");
	if (owner)
		g_object_unref(owner);
}

static void in_a_callback(void)
{
	GObject *object = g_object_new(thing_get_type(), NULL);
	g_object_set_data(object, "owner", g_object_ref(object));
	g_signal_connect(object, "poke", G_CALLBACK(drop_owner), NULL);
	g_signal_emit_by_name(object, "poke");
	g_object_unref(object);
}

static void many(void)
{
	GObject *objects[OBJECTS];
	for (int i = 0; i < OBJECTS; i++)
		objects[i] = g_object_new(thing_get_type(), NULL);
	for (int i = 0; i < OBJECTS; i++)
		g_object_unref(objects[i]);
}

static void floating(void)
{
	for (int i = 0; i < VARIANTS; i++) {
		GVariant *variant = g_variant_ref_sink(g_variant_new_int32(i));
		g_assert(g_variant_get_int32(variant) == i);
		g_variant_ref_sink(variant);
		g_variant_unref(variant);
		g_variant_unref(variant);
	}
	GVariant *never_sunk = g_variant_new_string("alone");
	g_assert(g_variant_get_string(never_sunk, NULL)[0] == 'a');
	g_variant_unref(never_sunk);
}

int main(void)
{
	between_threads();
	in_a_callback();
	many();
	floating();
	g_assert(finalized == OBJECTS + 2 && disposed == OBJECTS + 2);
	return 0;
}
