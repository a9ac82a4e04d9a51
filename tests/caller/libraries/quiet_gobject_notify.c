/* Objects that are attached to others, with g_object_unref itself as the destroy notify: they go when they are taken
 * off, and when the other one goes. One is attached by a reference that g_object_ref takes as a copy function.
 *
 * run: HANDLEGUARD_MODE=guard
 * recording: handles.object.created=4 handles.object.freed=4
 * run: HANDLEGUARD_MODE=observe
 * recording: handles.object.created=4 handles.object.freed=4
 */
#include "things.h"

static int gone;

static void note_end(gpointer unused, GObject *where_it_was)
{
	(void)unused;
	(void)where_it_was;
	gone++;
}

static GObject *make_noted(void)
{
	GObject *object = make();
	g_object_weak_ref(object, note_end, NULL);
	return object;
}

static gpointer copy(gconstpointer object, gpointer unused)
{
	(void)unused;
	return g_object_ref((gpointer)object);
}

int main(void)
{
	GObject *owner = make_noted();
	g_object_set_data_full(owner, "first", make_noted(), g_object_unref);
	g_object_set_data_full(owner, "second", make_noted(), g_object_unref);
	g_object_set_data(owner, "first", NULL);
	CHECK(gone == 1);

	GSList *single = g_slist_append(NULL, make_noted());
	GSList *both = g_slist_copy_deep(single, copy, NULL);
	g_slist_free_full(single, g_object_unref);
	CHECK(gone == 1);
	g_object_set_data(both->data, "any", NULL);
	g_slist_free_full(both, g_object_unref);
	CHECK(gone == 2);

	g_object_unref(owner);
	CHECK(gone == 4);
	return 0;
}
