/* An object is the data of a signal handler, with g_object_unref itself as what the closure drops it by. The handler is
 * disconnected while a thread, which has no reference, uses the object.
 *
 * finding: late-free object a; call g_object_unref in disconnect on closer; op g_signal_emit_by_name in poke on
 *     user; create g_object_new in make|main; drained
 * recording: handles.object.created=2 handles.object.freed=2
 */
#include "things.h"

static gulong handler;

static void never_called(GObject *object, gpointer data)
{
	(void)object;
	(void)data;
	abort();
}

static void poke(void *object)
{
	g_signal_emit_by_name(object, "poke");
	STAY();
}

static void disconnect(void *object)
{
	g_signal_handler_disconnect(object, handler);
	STAY();
}

int main(void)
{
	struct side user, closer;
	GObject *attached = make(), *owner = make();
	GClosureNotify drop = (GClosureNotify)(void (*)(void))g_object_unref;
	tell("a", attached);
	handler = g_signal_connect_data(owner, "poke", G_CALLBACK(never_called), attached, drop, 0);
	g_signal_connect(attached, "poke", G_CALLBACK(stand_still), NULL);
	start(&user, "user", poke, attached);
	await_inside();
	start(&closer, "closer", disconnect, owner);
	meet(&user, &closer);
	g_object_unref(owner);
	return 0;
}
