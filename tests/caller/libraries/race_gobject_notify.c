/* An object is attached to another one, with g_object_unref itself as the destroy notify. It is taken off while a
 * thread, which has no reference, uses it.
 *
 * finding: late-free object a; call g_object_unref in take_off on closer; op g_signal_emit_by_name in poke on
 *     user; create g_object_new in make|main; drained
 * recording: handles.object.created=2 handles.object.freed=2
 */
#include "things.h"

static void poke(void *object)
{
	g_signal_emit_by_name(object, "poke");
	STAY();
}

static void take_off(void *object)
{
	g_object_set_data(object, "attached", NULL);
	STAY();
}

int main(void)
{
	struct side user, closer;
	GObject *attached = make(), *owner = make();
	tell("a", attached);
	g_object_set_data_full(owner, "attached", attached, g_object_unref);
	g_signal_connect(attached, "poke", G_CALLBACK(stand_still), NULL);
	start(&user, "user", poke, attached);
	await_inside();
	start(&closer, "closer", take_off, owner);
	meet(&user, &closer);
	g_object_unref(owner);
	return 0;
}
