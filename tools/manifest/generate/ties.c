#include "manifest/generate/ties.h"

#include "manifest/prototype/words.h"

static const char *const ties[] = {"add",    "attach", "set",  "append",   "push", "bind",  "assign",
                                   "insert", "link",   "join", "register", "use",  "watch", NULL};
static const char *const unties[] = {"remove", "detach", "unset",      "unbind", "unassign", "unlink",
                                     "leave",  "pop",    "unregister", "del",    "unwatch",  NULL};

/* The two ops on handles of two classes that are all that the function does. */
static bool has_two_ops(const struct hg_guess_function *function)
{
	const struct hg_guess_use *uses = function->uses;

	return function->use_count == 2 && uses[0].role == HG_GUESS_OP && uses[1].role == HG_GUESS_OP &&
	       uses[0].class_index != uses[1].class_index;
}

void hg_guess_ask_about_tie(struct hg_guess *guess, struct hg_guess_function *function)
{
	const char *name = function->prototype->name;
	bool parts = hg_has_word(name, unties);

	if (function->question || !has_two_ops(function) || !(parts || hg_has_word(name, ties)))
		return;
	const struct hg_guess_use *to = &function->uses[0], *tied = &function->uses[1];
	const struct hg_guess_class *holder = &guess->classes[to->class_index],
	                            *held = &guess->classes[tied->class_index];
	function->question = hg_guess_ask(
	    guess,
	    "%s is given a '%s' and a '%s': does it %s that calls on the former use the latter? Then say '%s: {%s: "
	    "%d, %s: {%s: %d}}' in place of 'op'; see the manual, 'Handles that are attached to others'.",
	    name, holder->spelling, held->spelling, parts ? "undo" : "bring about", parts ? "detach" : "attach",
	    held->name, tied->argument, parts ? "of" : "to", holder->name, to->argument);
}
