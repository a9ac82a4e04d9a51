/* What is unwise about a function: what a rejected call returns to its caller, and what a call that blocks does to a
 * free. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/allocate.h"
#include "format/record.h"
#include "manifest/lint/lint.h"
#include "manifest/model/value.h"

/* ---- Values ---- */

static double real_of(enum hg_type type, uint64_t bits)
{
	double wide;

	float narrow;

	memcpy(&wide, &bits, sizeof(wide));
	memcpy(&narrow, &bits, sizeof(narrow));
	return type == HG_TYPE_FLOAT ? (double)narrow : wide;
}

/* To be freed. */
static char *text_of(enum hg_type type, uint64_t bits)
{
	if (type == HG_TYPE_TEXT)
		return hg_format("a text");
	if (hg_type_is_real(type))
		return hg_format("%g", real_of(type, bits));
	if (type == HG_TYPE_POINTER)
		return bits ? hg_format("0x%llx", (unsigned long long)bits) : hg_format("null");
	return type == HG_TYPE_U64 ? hg_format("%llu", (unsigned long long)bits) : hg_format("%lld", (long long)bits);
}

static struct hg_mark reject_mark(const struct hg_manifest_function *function)
{
	return function->reject_from == HG_REJECT_OWN ? function->reject_mark : function->mark;
}

/* Why a late call gets its value, where nothing at the function says so. */
static const char *reason_of(const struct hg_manifest_function *function)
{
	return function->reject_from == HG_REJECT_NONE    ? ", because no 'reject' says otherwise"
	       : function->reject_from == HG_REJECT_CLASS ? ", because its class says so"
	                                                  : "";
}

/* A warning about the reject value: "net_do returns 0 to LATE, because no 'reject' says otherwise, TAKEN; REMEDY". */
static void warn_of_reject(struct hg_lint *lint, enum hg_lint_rule rule, const struct hg_manifest_function *function,
                           const char *late, const char *taken, const char *remedy)
{
	/* Whoever gets an exception does not look at a value. */
	if (function->throws)
		return;
	char *value = text_of((enum hg_type)function->reject.type, function->reject.value);

	hg_warn(lint, rule, reject_mark(function), "%s returns %s to %s%s, %s; %s", function->name, value, late,
	        reason_of(function), taken, remedy);
	free(value);
}

/* ---- Reject values that say the opposite ---- */

#define LATE_CALL "a call that comes too late"

static bool names_none(const struct hg_manifest_class *class, uint64_t bits)
{
	uint64_t mask = hg_type_mask(class->type);

	for (size_t i = 0; i < class->none_count; i++)
		if (((uint64_t) class->nones[i] & mask) == (bits & mask))
			return true;
	return false;
}

static bool is_zeroed(const struct hg_manifest_function *function, unsigned argument)
{
	for (size_t i = 0; i < function->zero_count; i++)
		if (function->zeros[i].argument == argument)
			return true;
	return false;
}

static bool taken_for_handle(const struct hg_lint *lint, const struct hg_manifest_function *function,
                             const struct hg_image_make *make)
{
	/* A 0 that was chosen, beside a null where the handle would be: of a call that does not block, and is done. */
	if (!make->from_return && function->reject_from == HG_REJECT_OWN && function->reject.value == 0 &&
	    is_zeroed(function, make->place.argument))
		return false;
	if (make->when.test != HG_TEST_ALWAYS)
		return hg_result_fulfils(&make->when, (int64_t)function->reject.value);
	return make->from_return && (function->reject.type == HG_TYPE_TEXT ||
	                             !names_none(&hg_linted(lint)->classes[make->class_index], function->reject.value));
}

/* A create that returns something to a rejected caller which the caller takes for a handle. */
static bool warn_of_handle(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->make_count; i++) {
		if (!taken_for_handle(lint, function, &function->makes[i]))
			continue;
		warn_of_reject(lint, HG_LINT_REJECT_IS_HANDLE, function, LATE_CALL,
		               "and its callers take that for a new handle",
		               "give a 'reject' of which 'when' does not hold, or which the class has under 'none'");
		return true;
	}
	return false;
}

static bool tells_failure(enum hg_type type, const struct hg_image_condition *condition)
{
	return type >= HG_TYPE_I8 && type <= HG_TYPE_I64 && condition->test != HG_TEST_ALWAYS &&
	       hg_result_fulfils(condition, 1) && !hg_result_fulfils(condition, 0);
}

/* Whether some function of the library says that it has failed by 0: then others can be believed to do so too. */
static bool fails_by_zero(const struct hg_manifest *manifest)
{
	for (size_t i = 0; i < manifest->function_count; i++) {
		const struct hg_manifest_function *function = &manifest->functions[i];
		if (tells_failure(function->returns, &function->freed))
			return true;
		for (size_t j = 0; j < function->make_count; j++)
			if (!function->makes[j].from_return &&
			    tells_failure(function->returns, &function->makes[j].when))
				return true;
	}
	return false;
}

/* Whether nobody chose 0 for this function: nothing is said, or the 0 is the class's, which may fit the pointers and
 * counts that other functions return, while an int is an error code of this function. */
static bool is_unmeant_zero(const struct hg_lint *lint, const struct hg_manifest_function *function)
{
	if (function->reject_from != HG_REJECT_CLASS)
		return function->reject_from == HG_REJECT_NONE;
	return function->reject.value == 0 && function->returns >= HG_TYPE_I8 && function->returns <= HG_TYPE_I32 &&
	       !fails_by_zero(hg_linted(lint));
}

static bool ends_any(const struct hg_manifest_function *function)
{
	bool any = false;

	for (size_t i = 0; i < function->use_count; i++)
		any |= hg_use_ends(&function->uses[i]);
	return any;
}

/* 0 is a success: of a free that can fail, of a count, of nearly every int. */
static void warn_of_success(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	bool op = false, wide = function->returns == HG_TYPE_I64;

	for (size_t i = 0; i < function->use_count; i++)
		op |= !hg_use_ends(&function->uses[i]);
	if (!is_unmeant_zero(lint, function))
		return;
	if (ends_any(function) && function->freed.test != HG_TEST_ALWAYS && hg_result_fulfils(&function->freed, 0))
		warn_of_reject(
		    lint, HG_LINT_REJECT_IS_FREED, function, "a repeated free", "and 'freed' holds of that",
		    "give another 'reject', or 'reject: 0' at the function if a repeated free may be told that "
		    "it took place");
	else if (op && function->returns >= HG_TYPE_I8 && function->returns <= HG_TYPE_I64)
		warn_of_reject(
		    lint, HG_LINT_REJECT_IS_SUCCESS, function, LATE_CALL,
		    wide ? "and most callers take that for a count" : "and most callers take that for a success",
		    "give an error of the library as its 'reject', or 'reject: 0' at the function if 0 cannot "
		    "mislead");
}

/* ---- Time-outs ---- */

static bool begins_with(const char *word, size_t length, const char *prefix)
{
	return length >= strlen(prefix) && !strncasecmp(word, prefix, strlen(prefix));
}

static bool is_word(const char *word, size_t length, const char *whole)
{
	return length == strlen(whole) && begins_with(word, length, whole);
}

/* A word ends where the next begins: at a sign, or at a capital after a small letter. */
static size_t word_length(const char *word)
{
	size_t length = 0;

	while (isalpha((unsigned char)word[length]) &&
	       !(length && islower((unsigned char)word[length - 1]) && isupper((unsigned char)word[length])))
		length++;
	return length;
}

static bool is_one_of(const char *word, size_t length, const char *const *words)
{
	for (; *words; words++)
		if (is_word(word, length, *words))
			return true;
	return false;
}

/* net_set_read_timeout is named after what it is about; net_read reads. */
static bool looks_like_receive(const char *name)
{
	static const char *const receives[] = {"poll", "next", "read", "wait", NULL};
	static const char *const accessors[] = {"set",    "get",     "setopt",  "getopt", "opt",  "option",
	                                        "is",     "has",     "timeout", "limit",  "size", "init",
	                                        "enable", "disable", "cancel",  NULL};
	bool receives_something = false;

	while (*name) {
		size_t length = word_length(name);
		if (is_one_of(name, length, accessors) || begins_with(name, length, "receiver"))
			return false;
		receives_something |= begins_with(name, length, "recv") || begins_with(name, length, "receive") ||
		                      is_one_of(name, length, receives);
		name += length ? length : 1;
	}
	return receives_something;
}

/* Values that differ tell them apart, and so do two different errnos. */
static bool looks_like_timeout(const struct hg_manifest_function *function)
{
	const struct hg_image_reject *reject = &function->reject, *timeout = &function->timeout;

	return reject->type == timeout->type && reject->value == timeout->value &&
	       (!reject->error || !timeout->error || reject->error == timeout->error);
}

static void warn_of_timeout(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	if (function->times_out == HG_TIMES_OUT && looks_like_timeout(function))
		warn_of_reject(
		    lint, HG_LINT_REJECT_IS_TIMEOUT, function, LATE_CALL,
		    "and after a time-out too, so that a caller that polls would poll a closed handle for ever",
		    "give another value, or another errno");
	if (function->use_count && function->times_out == HG_TIMES_OUT_UNKNOWN &&
	    function->reject_from != HG_REJECT_OWN && function->returns != HG_TYPE_VOID &&
	    function->returns != HG_TYPE_STRUCT && !function->throws && looks_like_receive(function->name))
		hg_warn(
		    lint, HG_LINT_TIMEOUT_UNKNOWN, function->mark,
		    "%s seems to wait for something, but nothing says what it returns when its time is up, which a "
		    "closed handle must not look like; give 'timeout' with that value, 'timeout: never', or a 'reject' "
		    "of its own",
		    function->name);
}

/* ---- Blocking ---- */

static bool has_waker(const struct hg_manifest *manifest, uint32_t class)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].use_count; j++) {
			const struct hg_image_use *use = &manifest->functions[i].uses[j];
			if (use->class_index == class && use->allowed_while_freeing)
				return true;
		}
	return false;
}

/* Whether a free of the class waits for ops by itself, before it calls the library. */
static bool drains(const struct hg_manifest *manifest, uint32_t class)
{
	if (manifest->classes[class].drain == HG_DRAIN_DEFER + 1)
		return false;
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].use_count; j++) {
			const struct hg_image_use *use = &manifest->functions[i].uses[j];
			if (use->class_index == class && use->frees == HG_USE_FREES)
				return true;
		}
	return false;
}

static void warn_of_parking(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	const struct hg_manifest *manifest = hg_linted(lint);

	for (size_t i = 0; function->parks && i < function->use_count; i++) {
		uint32_t class = function->uses[i].class_index;
		if (!drains(manifest, class) || has_waker(manifest, class) || manifest->classes[class].wake.wanted)
			continue;
		hg_warn(
		    lint, HG_LINT_NO_WAKER, function->mark,
		    "%s parks, but no op of class '%s' may come while a free waits, so that a free waits for it until "
		    "the deadline; write 'while_freeing: allow' at the op that wakes it, 'wake' at the class if the "
		    "guard is to call it, or 'drain: defer' there",
		    function->name, manifest->classes[class].name);
		return;
	}
}

/* ---- What is handed out and handed on ---- */

/* Several creates may share a place, where an argument says which one is meant. */
static bool is_told(const struct hg_manifest_function *function, size_t make)
{
	for (size_t i = 0; i < make; i++)
		if (!function->makes[i].from_return &&
		    function->makes[i].place.argument == function->makes[make].place.argument)
			return true;
	return false;
}

/* How to have zeroed what a create fills; to be freed. */
static char *zero_of(const struct hg_manifest *manifest, const struct hg_image_make *make)
{
	const struct hg_image_place *place = &make->place;
	unsigned width = hg_type_width(manifest->classes[make->class_index].type);

	if (place->stride && !place->fixed)
		return hg_format("{arg: %u, count: %u, size: %u}", place->argument, place->count, place->stride);
	return hg_format("{arg: %u, bytes: %u}", place->argument,
	                 place->stride ? place->count * place->stride : place->offset + width);
}

static void warn_of_stale(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	for (size_t i = 0; function->use_count && i < function->make_count; i++) {
		const struct hg_image_make *make = &function->makes[i];
		if (make->choice.argument)
			continue; /* in other calls the argument may be too small to be zeroed */
		unsigned argument = make->place.argument;
		bool stored = make->place.indirect == HG_INDIRECT || make->place.indirect == HG_INDIRECT_STRUCT;
		if (make->from_return || !stored || is_zeroed(function, argument) || is_told(function, i))
			continue;
		char *zero = zero_of(hg_linted(lint), make);
		hg_warn(lint, HG_LINT_STALE_ARGUMENT, function->mark,
		        "%s leaves an old handle in argument %u, where its callers look for a new one, when it is "
		        "rejected; write 'zero: [%s]'",
		        function->name, argument, zero);
		free(zero);
	}
	if (function->use_count && function->sret && !function->sret_bytes)
		hg_warn(lint, HG_LINT_STALE_RESULT, function->mark,
		        "%s leaves what was there in the struct that it returns when it is rejected, because 'sret: "
		        "true' "
		        "does not say how large it is; give its size in bytes",
		        function->name);
}

static void warn_of_failed_create(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->make_count; i++) {
		const struct hg_image_make *make = &function->makes[i];
		const struct hg_manifest_class *class = &hg_linted(lint)->classes[make->class_index];
		if (!make->from_return || make->when.test != HG_TEST_ALWAYS || class->none_count)
			continue;
		hg_warn(lint, HG_LINT_FAILURE_IS_HANDLE, function->mark,
		        "%s returns a number that is taken for a handle when it has failed too; write 'when' at it, or "
		        "'none: [-1]' (or whatever no handle is) at class '%s'",
		        function->name, class->name);
	}
}

/* Of a function that returns a new handle no 'deferred' is both that and right. */
static bool returns_new(const struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->make_count; i++)
		if (function->makes[i].from_return)
			return true;
	return false;
}

static void warn_of_deferred(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	if (!ends_any(function) || function->freed.test == HG_TEST_ALWAYS || returns_new(function) ||
	    hg_result_fulfils(&function->freed, (int64_t)function->deferred))
		return;
	char *value = text_of(function->returns, function->deferred);
	hg_warn(
	    lint, HG_LINT_DEFERRED_IS_FAILURE, function->mark,
	    "%s returns %s when it is left to the last op, and 'freed' does not hold of that, though for its caller "
	    "the handle has ended; give a 'deferred' of which it holds",
	    function->name, value);
	free(value);
}

/* What was made from a handle that is counted usually holds it. */
static void warn_of_children(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	for (size_t i = 0; !function->children_said && i < function->use_count; i++) {
		const struct hg_image_use *use = &function->uses[i];
		const struct hg_manifest_class *class = &hg_linted(lint)->classes[use->class_index];
		if (use->frees != HG_USE_RELEASES || !(class->flags & HG_CLASS_PARENT))
			continue;
		hg_warn(lint, HG_LINT_CHILDREN_UNSAID, function->mark,
		        "%s does not say what dropping the last claim on a handle of class '%s' means for the handles "
		        "that were made from it, so that each use of one is taken for a mistake; write 'children: "
		        "keep' if these hold it too, or else 'children: end' or 'children: orphan'",
		        function->name, class->name);
	}
}

static bool are_made(const struct hg_manifest *manifest, uint32_t class, uint32_t parent)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].make_count; j++) {
			const struct hg_image_make *make = &manifest->functions[i].makes[j];
			if (make->class_index == class && make->parent_class == parent)
				return true;
		}
	return false;
}

/* A function that ends what was made from a handle, where the manifest says of nothing that it was. */
static void warn_of_clearing(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	const struct hg_manifest *manifest = hg_linted(lint);

	for (size_t i = 0; i < function->use_count; i++) {
		const struct hg_image_use *use = &function->uses[i], *parent = function->uses;
		if (use->all != HG_ALL_OF_PARENT || !hg_use_ends(use))
			continue;
		while (parent->all || parent->indirect == HG_CONSTANT || parent->argument != use->argument)
			parent++;
		if (are_made(manifest, use->class_index, parent->class_index))
			continue;
		hg_warn(lint, HG_LINT_CHILDREN_OF_NONE, function->mark,
		        "%s ends handles of class '%s' that were made from one of class '%s', but no create says so of "
		        "any, so that it ends none; write 'parent: {%s: ARG}' at the function that makes them",
		        function->name, manifest->classes[use->class_index].name,
		        manifest->classes[parent->class_index].name, manifest->classes[parent->class_index].name);
	}
}

static void raise_to(unsigned *highest, unsigned argument)
{
	*highest = argument > *highest ? argument : *highest;
}

static unsigned argument_of(const struct hg_image_place *place)
{
	return place->indirect == HG_JAVA_ARRAY && place->argument == HG_JAVA_RESULT ? 0 : place->argument;
}

static unsigned highest_argument(const struct hg_manifest_function *function)
{
	unsigned highest = 0;

	for (size_t i = 0; i < function->use_count; i++) {
		raise_to(&highest, function->uses[i].argument);
		raise_to(&highest, function->uses[i].fixed ? 0 : function->uses[i].count);
	}
	for (size_t i = 0; i < function->make_count; i++) {
		raise_to(&highest, argument_of(&function->makes[i].place));
		raise_to(&highest, function->makes[i].place.fixed ? 0 : function->makes[i].place.count);
		raise_to(&highest, function->makes[i].parent_argument);
	}
	for (size_t i = 0; i < function->zero_count; i++) {
		raise_to(&highest, function->zeros[i].argument == HG_ZERO_RESULT ? 0 : function->zeros[i].argument);
		raise_to(&highest, function->zeros[i].count);
	}
	return highest;
}

/* An argument on the stack that is not handed on reaches the function as whatever stands there. x86-64 has the fewest
 * arguments in registers; more bytes than are needed do no harm. */
static void warn_of_stack(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	unsigned registers = 6u - function->sret, highest = highest_argument(function);

	if (highest < registers || function->stack_bytes >= 8 * (highest - registers + 1))
		return;
	hg_warn(lint, HG_LINT_STACK_CUT, function->mark,
	        "%s would not get argument %u, which is on the stack (of x86-64), with %u stack bytes handed on; give "
	        "'stack_bytes' of at least %u",
	        function->name, highest, function->stack_bytes, 8 * (highest - registers + 1));
}

void hg_lint_function(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	/* Only what uses a handle can be rejected. */
	if (function->use_count && !warn_of_handle(lint, function))
		warn_of_success(lint, function);
	warn_of_timeout(lint, function);
	warn_of_parking(lint, function);
	warn_of_stale(lint, function);
	warn_of_failed_create(lint, function);
	warn_of_deferred(lint, function);
	warn_of_children(lint, function);
	warn_of_clearing(lint, function);
	warn_of_stack(lint, function);
}
