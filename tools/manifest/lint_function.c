/* What is unwise about a function: what it tells a caller that it turns away, and what its blocking does to a free. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "format/record.h"
#include "lint.h"
#include "memory.h"
#include "value.h"

/* --- values --- */

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

static struct hg_lint_place at(const struct hg_manifest_function *function, const char *key)
{
	return (struct hg_lint_place){function->mark, function->name, key};
}

/* A warning about the reject value: "found -1, which ..." or, if nobody gave one, "found none, so that it is 0, which".
 */
static void warn_of_reject(struct hg_lint *lint, const struct hg_manifest_function *function, const char *which,
                           const char *wiser)
{
	char *value = text_of((enum hg_type)function->reject.type, function->reject.value);
	char *found = function->reject_from == HG_REJECT_NONE ? hg_format("none, so that it is %s, %s", value, which)
	                                                      : hg_format("%s, %s", value, which);

	hg_warn(lint, (struct hg_lint_place){reject_mark(function), function->name, "reject"}, found, "%s", wiser);
	free(found);
	free(value);
}

/* --- reject values that say the opposite --- */

static bool names_none(const struct hg_manifest_class *class, uint64_t bits)
{
	uint64_t mask = hg_type_mask(class->type);

	for (size_t i = 0; i < class->none_count; i++)
		if (((uint64_t) class->nones[i] & mask) == (bits & mask))
			return true;
	return false;
}

static bool taken_for_handle(const struct hg_lint *lint, const struct hg_manifest_function *function,
                             const struct hg_image_make *make)
{
	if (make->when.test != HG_TEST_ALWAYS)
		return hg_result_fulfils(&make->when, (int64_t)function->reject.value);
	return make->from_return && (function->reject.type == HG_TYPE_TEXT ||
	                             !names_none(&hg_linted(lint)->classes[make->class_index], function->reject.value));
}

/* A create whose caller, when it is turned away, believes that it has a handle. */
static bool warn_of_handle(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->make_count; i++) {
		if (!taken_for_handle(lint, function, &function->makes[i]))
			continue;
		warn_of_reject(lint, function, "which its callers take for a new handle",
		               "a value of which 'when' does not hold, or that the class has under 'none'");
		return true;
	}
	return false;
}

/* Nobody has said what it returns, and 0 is a success: of a free that can fail, of a count, of nearly every int. */
static void warn_of_success(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	bool op = false, wide = function->returns == HG_TYPE_I64;

	for (size_t i = 0; i < function->use_count; i++)
		op |= !hg_use_ends(&function->uses[i]);
	if (function->reject_from != HG_REJECT_NONE)
		return;
	if (function->freed.test != HG_TEST_ALWAYS && hg_result_fulfils(&function->freed, 0))
		warn_of_reject(lint, function, "of which 'freed' holds",
		               "another value, or 'reject: 0' if a repeated free may be told that it took place");
	else if (op && function->returns >= HG_TYPE_I8 && function->returns <= HG_TYPE_I64)
		warn_of_reject(lint, function, wide ? "a valid count" : "which most callers take for a success",
		               "an error of the library, or 'reject: 0' if 0 cannot mislead");
}

/* --- time-outs --- */

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

static bool looks_like_receive(const char *name)
{
	static const char *const wholes[] = {"poll", "next", "read", "wait"};

	while (*name) {
		size_t length = word_length(name);
		if (begins_with(name, length, "recv") || begins_with(name, length, "receive"))
			return true;
		for (size_t i = 0; i < sizeof(wholes) / sizeof(*wholes); i++)
			if (is_word(name, length, wholes[i]))
				return true;
		name += length ? length : 1;
	}
	return false;
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
		warn_of_reject(lint, function, "as after a time-out",
		               "another value, or another errno: who polls would poll a closed handle for ever");
	if (function->times_out == HG_TIMES_OUT_UNKNOWN && function->reject_from != HG_REJECT_OWN &&
	    function->returns != HG_TYPE_VOID && function->returns != HG_TYPE_STRUCT &&
	    looks_like_receive(function->name))
		hg_warn(
		    lint, at(function, "timeout"), "no such key",
		    "it, with what the function returns after a time-out, or never; or a 'reject' of its own: a closed "
		    "handle must not look like a time-out");
}

/* --- blocking --- */

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
		if (!drains(manifest, class) || has_waker(manifest, class))
			continue;
		char *found =
		    hg_format("no op of class '%s' that may come while a free waits", manifest->classes[class].name);
		hg_warn(
		    lint, at(function, "parks"), found,
		    "'while_freeing: allow' at what wakes it, or 'drain: defer' at the class: else a free waits for it "
		    "until the deadline");
		free(found);
		return;
	}
}

/* --- what is handed out and handed on --- */

static bool is_zeroed(const struct hg_manifest_function *function, unsigned argument)
{
	for (size_t i = 0; i < function->zero_count; i++)
		if (function->zeros[i].argument == argument)
			return true;
	return false;
}

/* Several creates may share a place, where an argument says which one is meant. */
static bool is_told(const struct hg_manifest_function *function, size_t make)
{
	for (size_t i = 0; i < make; i++)
		if (!function->makes[i].from_return && function->makes[i].argument == function->makes[make].argument)
			return true;
	return false;
}

static void warn_of_stale(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	for (size_t i = 0; function->use_count && i < function->make_count; i++) {
		const struct hg_image_make *make = &function->makes[i];
		if (make->from_return || is_zeroed(function, make->argument) || is_told(function, i))
			continue;
		char *found = hg_format("nothing about argument %u, where a new handle is put", make->argument);
		hg_warn(lint, at(function, "zero"), found,
		        "{arg: %u, bytes: %u}: a late call would leave an old one there", make->argument,
		        hg_type_width(hg_linted(lint)->classes[make->class_index].type));
		free(found);
	}
	if (function->use_count && function->sret && !function->sret_bytes)
		hg_warn(lint, at(function, "sret"), "true",
		        "the size of the struct in bytes: a late call would leave what was there");
}

static void warn_of_failed_create(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	for (size_t i = 0; i < function->make_count; i++) {
		const struct hg_image_make *make = &function->makes[i];
		const struct hg_manifest_class *class = &hg_linted(lint)->classes[make->class_index];
		if (!make->from_return || make->when.test != HG_TEST_ALWAYS || class->none_count)
			continue;
		hg_warn(
		    lint, at(function, "when"), "no such key",
		    "it, or 'none: [-1]' (or whatever no handle is) at class '%s': what a failed call returns would be "
		    "taken for a handle",
		    class->name);
	}
}

static void warn_of_deferred(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	if (function->freed.test == HG_TEST_ALWAYS || hg_result_fulfils(&function->freed, (int64_t)function->deferred))
		return;
	char *value = text_of(function->returns, function->deferred);
	char *found = hg_format("%s, of which 'freed' does not hold", value);
	hg_warn(lint, at(function, "deferred"), found,
	        "a value of which it does: for the caller the handle has ended, though the last op frees it");
	free(found);
	free(value);
}

static void raise_to(unsigned *highest, unsigned argument)
{
	*highest = argument > *highest ? argument : *highest;
}

static unsigned highest_argument(const struct hg_manifest_function *function)
{
	unsigned highest = 0;

	for (size_t i = 0; i < function->use_count; i++) {
		raise_to(&highest, function->uses[i].argument);
		raise_to(&highest, function->uses[i].count);
	}
	for (size_t i = 0; i < function->make_count; i++) {
		raise_to(&highest, function->makes[i].argument);
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
	char *found = hg_format("%u, though argument %u is on the stack (x86-64)", function->stack_bytes, highest);
	hg_warn(lint, at(function, "stack_bytes"), found, "at least %u: the function would not get it",
	        8 * (highest - registers + 1));
	free(found);
}

void hg_lint_function(struct hg_lint *lint, const struct hg_manifest_function *function)
{
	/* Only what uses a handle can be turned away. */
	if (function->use_count && !warn_of_handle(lint, function))
		warn_of_success(lint, function);
	warn_of_timeout(lint, function);
	warn_of_parking(lint, function);
	warn_of_stale(lint, function);
	warn_of_failed_create(lint, function);
	warn_of_deferred(lint, function);
	warn_of_stack(lint, function);
}
