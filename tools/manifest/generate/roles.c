/* What each function does with the handles that it takes and hands out. */
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/generate/guess.h"
#include "manifest/generate/names.h"
#include "manifest/generate/ties.h"

static void add_use(struct hg_guess_function *function, const struct hg_guess_use *use)
{
	if (function->use_count < HG_GUESS_USES)
		function->uses[function->use_count++] = *use;
}

static bool takes_class(const struct hg_guess_function *function, size_t class_index)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].class_index == class_index && function->uses[i].role != HG_GUESS_CREATE_OUT)
			return true;
	return false;
}

/* ---- What a parameter is ---- */

/* A weak word (end, shutdown) frees only what no other function does. */
static bool frees(const struct hg_guess *guess, const struct hg_prototype *prototype, size_t index, size_t class_index)
{
	const char *strongest = guess->classes[class_index].first_free;

	if (hg_guess_freed(guess, prototype) != index)
		return false;
	return !hg_ends_with_word(prototype->name, hg_words_end) || !strongest ||
	       hg_ends_with_word(strongest, hg_words_end);
}

/* `stream_init(stream)`, or `stream_copy(to, from)`. */
static bool makes_one(const struct hg_guess *guess, const struct hg_prototype *prototype, size_t class_index)
{
	bool address, has_source = false;

	for (size_t i = 1; i < prototype->parameter_count; i++)
		has_source |=
		    hg_guess_class_of(guess, hg_guess_carried(prototype->parameters[i].type, &address)) == class_index;
	return hg_names_init(prototype->name) || (has_source && hg_ends_with_word(prototype->name, hg_words_copy));
}

static enum hg_guess_role role_of(const struct hg_guess *guess, struct hg_guess_function *function, size_t index,
                                  size_t class_index, bool address)
{
	const struct hg_prototype *prototype = function->prototype;
	const struct hg_guess_class *class = &guess->classes[class_index];

	if (frees(guess, prototype, index, class_index)) {
		function->reason = "named like a free";
		if (!address && hg_ends_with_word(prototype->name, (const char *[]){"unref", NULL}))
			return HG_GUESS_RELEASE;
		return address ? HG_GUESS_FREE_ADDRESS : HG_GUESS_FREE;
	}
	if (address) {
		function->reason = "fills a variable of the caller's";
		return HG_GUESS_CREATE_OUT;
	}
	if (class->is_caller_owned && index == 0 && makes_one(guess, prototype, class_index)) {
		function->reason = "named like what makes the caller's memory one";
		return HG_GUESS_CREATE_HERE;
	}
	if (index == 0 && hg_ends_with_word(prototype->name, hg_words_acquire)) {
		function->reason = "named like what counts one user more";
		return HG_GUESS_ACQUIRE;
	}
	return HG_GUESS_OP;
}

static void look_at_array(struct hg_guess *guess, struct hg_guess_function *function, size_t index, size_t class_index)
{
	const struct hg_prototype *prototype = function->prototype;
	int argument = prototype->parameters[index].number, count = hg_guess_array_count(prototype, index);

	if (count != HG_NO_NUMBER) {
		add_use(function, &(struct hg_guess_use){class_index, argument, HG_GUESS_OP_ARRAY, count});
		return;
	}
	function->takes_array = true;
	function->question =
	    hg_guess_ask(guess,
	                 "%s takes an array of '%s' in argument %d: how many are there? If an argument says "
	                 "so, write {array: %d, count: N} there. It is left out.",
	                 prototype->name, guess->classes[class_index].spelling, argument, argument);
}

static void look_at_parameters(struct hg_guess *guess, struct hg_guess_function *function)
{
	const struct hg_prototype *prototype = function->prototype;
	bool address;

	for (size_t i = 0; i < prototype->parameter_count; i++) {
		const struct hg_c_parameter *parameter = &prototype->parameters[i];
		size_t class = hg_guess_class_of(guess, hg_guess_carried(parameter->type, &address));
		if (class == guess->class_count || parameter->number == HG_NO_NUMBER)
			continue;
		if (address && hg_guess_takes_array(parameter)) {
			look_at_array(guess, function, i, class);
			continue;
		}
		enum hg_guess_role role = role_of(guess, function, i, class, address);
		add_use(function, &(struct hg_guess_use){class, parameter->number, role, 0});
	}
}

/* ---- What the result is ---- */

/* What is only looked up was created elsewhere, and is not the caller's to free. What a call on a handle returns is new
 * only if its name says so: `connection_mutex(connection)` is the one that the connection has. */
static bool looks_up(const struct hg_guess_function *function, size_t class_index)
{
	const char *name = function->prototype->name;

	if (hg_ends_with_word(name, hg_words_create) || hg_ends_with_word(name, hg_words_copy))
		return false;
	if (hg_after_word(name, hg_words_look_up) || takes_class(function, class_index))
		return true;
	return function->use_count && !hg_holds_word(name, hg_words_create);
}

static bool has_role(const struct hg_guess_function *function, enum hg_guess_role role)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].role == role)
			return true;
	return false;
}

/* Such as `x = x_unref(x)`. */
static bool ends_one(const struct hg_guess_function *function, size_t class_index)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].class_index == class_index &&
		    (function->uses[i].role == HG_GUESS_RELEASE || function->uses[i].role == HG_GUESS_FREE))
			return true;
	return false;
}

static void look_at_result(struct hg_guess *guess, struct hg_guess_function *function)
{
	const struct hg_c_type *returns = function->prototype->returns;
	size_t class = hg_guess_class_of(guess, hg_c_identity(returns));

	if (class == guess->class_count || has_role(function, HG_GUESS_ACQUIRE) || ends_one(function, class))
		return;
	bool is_const = returns->kind == HG_C_POINTER && returns->to->is_const;
	if (!is_const && !looks_up(function, class)) {
		add_use(function, &(struct hg_guess_use){class, -1, HG_GUESS_CREATE, 0});
		function->reason = "returns one";
		return;
	}
	function->is_left_out = function->use_count == 0;
	function->reason = is_const ? "lends one, as it is const" : "looks one up";
	guess->classes[class].is_led_to |= takes_class(function, class);
	if (!is_const)
		function->question = hg_guess_ask(
		    guess,
		    "%s returns a '%s': one that is there already, as is written, or a new one for its caller to free?",
		    function->prototype->name, guess->classes[class].spelling);
}

/* ---- What belongs to what ---- */

static bool is_creating(enum hg_guess_role role)
{
	return role == HG_GUESS_CREATE || role == HG_GUESS_CREATE_OUT || role == HG_GUESS_CREATE_HERE;
}

/* The question about an earlier function that makes the same from the same. */
static size_t asked_before(const struct hg_guess *guess, const struct hg_guess_use *child,
                           const struct hg_guess_use *parent)
{
	for (size_t i = 0; i < guess->function_count; i++) {
		const struct hg_guess_function *function = &guess->functions[i];
		bool same_child = false, same_parent = false;
		for (size_t u = 0; function->has_parent && u < function->use_count; u++) {
			const struct hg_guess_use *use = &function->uses[u];
			same_child |= is_creating(use->role) && use->class_index == child->class_index;
			same_parent |= use->role == HG_GUESS_OP && use->class_index == parent->class_index;
		}
		if (same_child && same_parent)
			return function->question;
	}
	return HG_NO_QUESTION;
}

/* A handle that is made by a call on another one is taken for its child; whether the parent may go first, only the
 * library's documentation tells. */
static void look_for_parent(struct hg_guess *guess, struct hg_guess_function *function)
{
	const struct hg_guess_use *parent = NULL, *child = NULL;

	for (size_t i = 0; i < function->use_count; i++) {
		if (function->uses[i].role == HG_GUESS_OP && !parent)
			parent = &function->uses[i];
		if (is_creating(function->uses[i].role))
			child = &function->uses[i];
	}
	if (!parent || !child || parent->class_index == child->class_index || function->question)
		return;
	function->has_parent = true;
	function->question = asked_before(guess, child, parent);
	if (!function->question)
		function->question =
		    hg_guess_ask(guess,
		                 "%s makes a '%s' from a '%s': may the latter be freed first? As written ('children: "
		                 "keep'), it may; see the "
		                 "manual, 'Handles made from others', for the other answers.",
		                 function->prototype->name, guess->classes[child->class_index].spelling,
		                 guess->classes[parent->class_index].spelling);
}

static void ask_about_waking(struct hg_guess *guess, struct hg_guess_function *function)
{
	if (function->use_count != 1 || function->uses[0].role != HG_GUESS_OP ||
	    !hg_ends_with_word(function->prototype->name, hg_words_wake))
		return;
	function->wakes = true;
	function->reason = "named like what wakes a call that waits";
	function->question =
	    hg_guess_ask(guess,
	                 "May %s be called by another thread while a call on the handle waits? If not, leave "
	                 "'while_freeing: allow' out.",
	                 function->prototype->name);
}

static void ask_about_failing(struct hg_guess *guess, struct hg_guess_function *function)
{
	const struct hg_prototype *prototype = function->prototype;

	if (guess->by_names || function->question || prototype->returns->kind != HG_C_INTEGER ||
	    !(has_role(function, HG_GUESS_FREE) || has_role(function, HG_GUESS_FREE_ADDRESS)))
		return;
	function->question = hg_guess_ask(
	    guess, "%s returns a number: can it fail and leave the handle alive? Then say 'freed: \"== 0\"' there.",
	    prototype->name);
}

static void count_roles(struct hg_guess *guess, const struct hg_guess_function *function)
{
	for (size_t i = 0; i < function->use_count; i++) {
		struct hg_guess_class *class = &guess->classes[function->uses[i].class_index];
		enum hg_guess_role role = function->uses[i].role;
		if (is_creating(role))
			class->creates++;
		else if (role == HG_GUESS_OP || role == HG_GUESS_OP_ARRAY)
			class->ops++;
		else if (role != HG_GUESS_ACQUIRE)
			class->frees++;
		class->is_shared |= role == HG_GUESS_ACQUIRE;
	}
}

/* Where nobody acquires, a release is a free, whatever it is called. */
static void settle_sharing(struct hg_guess *guess)
{
	for (size_t i = 0; i < guess->function_count; i++)
		for (size_t u = 0; u < guess->functions[i].use_count; u++) {
			struct hg_guess_use *use = &guess->functions[i].uses[u];
			bool is_shared = guess->classes[use->class_index].is_shared;
			if (use->role == HG_GUESS_RELEASE && !is_shared)
				use->role = HG_GUESS_FREE;
			else if (use->role == HG_GUESS_FREE && is_shared)
				use->role = HG_GUESS_RELEASE;
		}
}

/* What is there without having been created comes at the address of one that was freed, now and then. */
static void ask_about_leading(struct hg_guess *guess)
{
	for (size_t i = 0; i < guess->class_count; i++) {
		struct hg_guess_class *class = &guess->classes[i];
		if (class->is_shared && class->is_led_to && !class->question)
			class->question = hg_guess_ask(
			    guess,
			    "Calls on a '%s' lead to others, which the library may have made unasked, where one "
			    "was that has been freed: so 'creates: some' is written. If they lead only to what "
			    "the program has created, leave it out: then every call after a free is told.",
			    class->spelling);
	}
}

static void ask_about_class(struct hg_guess *guess, struct hg_guess_class *class)
{
	if (class->type != HG_TYPE_POINTER)
		class->question =
		    hg_guess_ask(guess, "Which numbers are no '%s'? Written is -1, as most libraries of C have it.",
		                 class->spelling);
	else if (class->is_visible && !class->is_caller_owned)
		class->question = hg_guess_ask(guess,
		                               "The fields of '%s' stand in the header, so the program may use one "
		                               "without any call, which no guard sees: "
		                               "is it a handle?",
		                               class->spelling);
}

void hg_guess_roles(struct hg_guess *guess, const struct hg_prototypes *prototypes)
{
	guess->functions = hg_allocate(HASH_COUNT(prototypes->table), sizeof(*guess->functions));
	for (size_t i = 0; i < guess->class_count; i++)
		ask_about_class(guess, &guess->classes[i]);
	for (const struct hg_prototype *at = prototypes->table; at; at = at->hh.next) {
		struct hg_guess_function *function = &guess->functions[guess->function_count];
		if (!hg_exports_has(guess->exports, at->name))
			continue;
		*function = (struct hg_guess_function){.prototype = at};
		look_at_parameters(guess, function);
		look_at_result(guess, function);
		look_for_parent(guess, function);
		ask_about_waking(guess, function);
		ask_about_failing(guess, function);
		hg_guess_ask_about_tie(guess, function);
		count_roles(guess, function);
		function->is_left_out |= function->takes_array && function->use_count == 0;
		guess->function_count += function->use_count || function->is_left_out;
	}
	hg_guess_outweighed(guess);
	settle_sharing(guess);
	ask_about_leading(guess);
}
