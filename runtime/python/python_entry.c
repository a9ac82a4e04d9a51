/* Why the interpreter runs a function that no code of the user's calls: to finalize an object, to tell that one is
 * gone, because everything ends. Told by what is called, and by what with. */
#include <string.h>

#include "python/python_read.h"

enum { TAGS = 7 }; /* no limit: the bits of a pointer that mean something else, from 3.14 on */

/* One of the first arguments; 0: there are fewer. Those stay while the function runs, unless it deletes them. */
static uintptr_t argument(const struct hg_python *python, struct hg_peek *peek, const struct hg_python_frame *frame,
                          unsigned number)
{
	const struct hg_python_layout *layout = &python->layout;
	uint32_t count = 0;
	if (!hg_peek_held(peek, frame->code + layout->code.arguments, &count, sizeof count) || number >= count)
		return 0;
	uintptr_t object = hg_peek_word(peek, frame->at + layout->frame.locals + number * sizeof object);
	return layout->minor >= 14 ? object & ~(uintptr_t)TAGS : object;
}

/* What a weak reference refers to stands first in it, and is None when the object is gone. */
static bool is_dead_reference(const struct hg_python *python, struct hg_peek *peek, uintptr_t object)
{
	uint16_t type = python->layout.type;
	return object && hg_python_is(python, peek, object, python->weak_type) &&
	       hg_peek_held_word(peek, object + type + sizeof object) == python->none;
}

/* The method's own name stands last in the qualified one. */
bool hg_python_is_finalizer(const char *name, size_t length)
{
	static const char finalizer[] = "__del__";
	enum { LENGTH = sizeof finalizer - 1 };
	return length >= LENGTH && memcmp(name + length - LENGTH, finalizer, LENGTH) == 0 &&
	       (length == LENGTH || name[length - LENGTH - 1] == '.');
}

/* The function itself is the callback, or it is a method: weakref.finalize is called back as one. */
static bool is_weak_callback(const struct hg_python *python, struct hg_peek *peek, const struct hg_python_frame *frame)
{
	return is_dead_reference(python, peek, argument(python, peek, frame, 0)) ||
	       is_dead_reference(python, peek, argument(python, peek, frame, 1));
}

/* Whether the interpreter that a thread's state belongs to is looking for garbage. */
static bool is_collecting(const struct hg_python *python, struct hg_peek *peek, uintptr_t state)
{
	const struct hg_python_layout *layout = &python->layout;
	uint32_t collecting = 0;
	uintptr_t interpreter = hg_peek_word(peek, state + layout->state.interpreter);
	return layout->interpreter.collecting && interpreter &&
	       hg_peek(peek, interpreter + layout->interpreter.collecting, &collecting, sizeof collecting) &&
	       collecting;
}

uint32_t hg_python_entry(const struct hg_python *python, struct hg_peek *peek, const struct hg_python_frame *frame,
                         bool is_finalizer, bool outermost, uintptr_t state)
{
	uint32_t entry = 0;
	if (!frame->from_c)
		return 0;
	if (is_finalizer)
		entry = HG_TOLD_FINALIZER;
	else if (is_weak_callback(python, peek, frame))
		entry = HG_TOLD_WEAK;
	if (entry && is_collecting(python, peek, state))
		entry |= HG_TOLD_COLLECTOR;
	if ((entry || outermost) && python->is_finalizing())
		entry |= HG_TOLD_ENDING;
	return entry;
}
