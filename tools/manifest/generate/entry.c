#include "manifest/generate/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct writing {
	const struct hg_guess *guess;
	const struct hg_guess_function *function;
	FILE *out;
	bool first; /* no key has been written */
};

static void key(struct writing *writing, const char *name)
{
	fprintf(writing->out, "%s%s: ", writing->first ? "" : ", ", name);
	writing->first = false;
}

static bool is_creating(enum hg_guess_role role)
{
	return role == HG_GUESS_CREATE || role == HG_GUESS_CREATE_OUT || role == HG_GUESS_CREATE_HERE;
}

static const char *word_of(enum hg_guess_role role)
{
	return role == HG_GUESS_OP || role == HG_GUESS_OP_ARRAY ? "op"
	       : role == HG_GUESS_ACQUIRE                       ? "acquire"
	       : role == HG_GUESS_RELEASE                       ? "release"
	                                                        : "free";
}

/* ---- Uses ---- */

static bool belongs(const struct hg_guess_use *use, const char *word)
{
	return !is_creating(use->role) && strcmp(word_of(use->role), word) == 0;
}

/* `stream: 0`, `stream: [0, 1]`, `stream: "*0"`: all uses of one class under one key. */
static void write_class_uses(const struct writing *writing, const char *word, size_t class_index)
{
	const struct hg_guess_function *function = writing->function;
	size_t count = 0, written = 0;

	for (size_t i = 0; i < function->use_count; i++)
		count += belongs(&function->uses[i], word) && function->uses[i].class_index == class_index;
	fprintf(writing->out, "%s: %s", writing->guess->classes[class_index].name, count > 1 ? "[" : "");
	for (size_t i = 0; i < function->use_count; i++) {
		const struct hg_guess_use *use = &function->uses[i];
		if (!belongs(use, word) || use->class_index != class_index)
			continue;
		fputs(written++ ? ", " : "", writing->out);
		if (use->role == HG_GUESS_OP_ARRAY)
			fprintf(writing->out, "{array: %d, count: %d}", use->argument, use->count);
		else
			fprintf(writing->out, use->role == HG_GUESS_FREE_ADDRESS ? "\"*%d\"" : "%d", use->argument);
	}
	if (count > 1)
		fputc(']', writing->out);
}

static void write_uses(struct writing *writing, const char *word)
{
	const struct hg_guess_function *function = writing->function;
	size_t written = 0;

	for (size_t i = 0; i < function->use_count; i++) {
		bool is_known = false;
		for (size_t k = 0; k < i; k++)
			is_known |= belongs(&function->uses[k], word) &&
			            function->uses[k].class_index == function->uses[i].class_index;
		if (is_known || !belongs(&function->uses[i], word))
			continue;
		if (!written)
			key(writing, word);
		fputs(written++ ? ", " : "{", writing->out);
		write_class_uses(writing, word, function->uses[i].class_index);
	}
	if (written)
		fputc('}', writing->out);
}

/* ---- Creates ---- */

/* A number that is zero says that it went well; of a truth value, that it did not. */
static const char *condition(const struct hg_prototype *prototype)
{
	if (prototype->returns->kind != HG_C_INTEGER)
		return NULL;
	return prototype->returns->bytes == 1 ? "!= 0" : "== 0";
}

static const struct hg_guess_use *parent_of(const struct hg_guess_function *function)
{
	for (size_t i = 0; function->has_parent && i < function->use_count; i++)
		if (function->uses[i].role == HG_GUESS_OP)
			return &function->uses[i];
	return NULL;
}

static void write_make(struct writing *writing, const struct hg_guess_use *use)
{
	const struct hg_guess_use *parent = parent_of(writing->function);

	if (use->role == HG_GUESS_CREATE_OUT) {
		key(writing, "from");
		fprintf(writing->out, "\"*%d\"", use->argument);
	} else if (use->role == HG_GUESS_CREATE_HERE) {
		key(writing, "from");
		fprintf(writing->out, "%d", use->argument);
	}
	if (use->role != HG_GUESS_CREATE && condition(writing->function->prototype)) {
		key(writing, "when");
		fprintf(writing->out, "\"%s\"", condition(writing->function->prototype));
	}
	if (parent) {
		key(writing, "parent");
		fprintf(writing->out, "{%s: %d}", writing->guess->classes[parent->class_index].name, parent->argument);
	}
}

static void write_creates(struct writing *writing)
{
	const struct hg_guess_function *function = writing->function;
	size_t count = 0, written = 0;

	for (size_t i = 0; i < function->use_count; i++)
		count += is_creating(function->uses[i].role);
	if (count > 1) {
		key(writing, "create");
		fputc('[', writing->out);
	}
	for (size_t i = 0; i < function->use_count; i++) {
		const struct hg_guess_use *use = &function->uses[i];
		if (!is_creating(use->role))
			continue;
		if (count > 1) {
			fputs(written++ ? ", {" : "{", writing->out);
			writing->first = true;
		}
		key(writing, count > 1 ? "class" : "create");
		fputs(writing->guess->classes[use->class_index].name, writing->out);
		write_make(writing, use);
		if (count > 1)
			fputc('}', writing->out);
	}
	if (count > 1)
		fputc(']', writing->out);
}

/* ---- The rest ---- */

/* Whether the function is given a handle, so that a call can be rejected. */
static bool has_use(const struct hg_guess_function *function)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (!is_creating(function->uses[i].role))
			return true;
	return false;
}

/* Of a rejected call, what its caller would take for a new handle. */
static void write_zeros(struct writing *writing)
{
	const struct hg_guess_function *function = writing->function;
	size_t written = 0;

	for (size_t i = 0; has_use(function) && i < function->use_count; i++) {
		const struct hg_guess_use *use = &function->uses[i];
		const struct hg_guess_class *class = &writing->guess->classes[use->class_index];
		if (use->role != HG_GUESS_CREATE_OUT || class->type != HG_TYPE_POINTER)
			continue;
		if (!written)
			key(writing, "zero");
		fprintf(writing->out, "%s{arg: %d, bytes: 8}", written++ ? ", " : "[", use->argument);
	}
	if (written)
		fputc(']', writing->out);
}

static bool is_unsigned(enum hg_type type)
{
	return type == HG_TYPE_U8 || type == HG_TYPE_U16 || type == HG_TYPE_U32 || type == HG_TYPE_U64;
}

/* The class's -1 is no value of an unsigned result. */
static void write_result(struct writing *writing)
{
	const struct hg_prototype *prototype = writing->function->prototype;
	enum hg_type returns = hg_c_as_result(prototype->returns), implied = HG_TYPE_I32;

	for (size_t i = 0; i < writing->function->use_count; i++)
		if (writing->function->uses[i].role == HG_GUESS_CREATE)
			implied = writing->guess->classes[writing->function->uses[i].class_index].type;
	/* an enumeration is an int to whoever wrote the library, and -1 none of its values */
	if (prototype->returns->kind == HG_C_INTEGER && prototype->returns->name && prototype->returns->bytes == 4)
		returns = HG_TYPE_I32;
	if (prototype->sret_bytes) {
		key(writing, "sret");
		fprintf(writing->out, "%u", prototype->sret_bytes);
	} else if (returns != implied) {
		key(writing, "returns");
		fputs(hg_type_name(returns), writing->out);
	}
	if (!prototype->sret_bytes && is_unsigned(returns) && has_use(writing->function)) {
		key(writing, "reject");
		fputc('0', writing->out);
	}
}

static void write_stack(struct writing *writing)
{
	enum { FOR_VARIABLE_ARGUMENTS = 64 };
	unsigned bytes = writing->function->prototype->stack_bytes;

	if (writing->function->prototype->is_variadic && bytes < FOR_VARIABLE_ARGUMENTS)
		bytes = FOR_VARIABLE_ARGUMENTS;
	if (!bytes)
		return;
	key(writing, "stack_bytes");
	fprintf(writing->out, "%u", bytes);
}

/* Whether something is made from what the function frees. */
static bool frees_parent(const struct writing *writing)
{
	const struct hg_guess *guess = writing->guess;

	for (size_t i = 0; i < writing->function->use_count; i++) {
		const struct hg_guess_use *use = &writing->function->uses[i];
		if (use->role != HG_GUESS_FREE && use->role != HG_GUESS_FREE_ADDRESS && use->role != HG_GUESS_RELEASE)
			continue;
		for (size_t f = 0; f < guess->function_count; f++) {
			const struct hg_guess_use *parent = parent_of(&guess->functions[f]);
			if (parent && parent->class_index == use->class_index)
				return true;
		}
	}
	return false;
}

char *hg_guess_entry(const struct hg_guess *guess, const struct hg_guess_function *function)
{
	struct writing writing = {.guess = guess, .function = function, .first = true};
	char *text = NULL;
	size_t size = 0;

	writing.out = open_memstream(&text, &size);
	if (!writing.out)
		abort();
	fprintf(writing.out, "  %s: {", function->prototype->name);
	write_uses(&writing, "op");
	write_uses(&writing, "acquire");
	write_uses(&writing, "free");
	write_uses(&writing, "release");
	write_creates(&writing);
	write_result(&writing);
	write_zeros(&writing);
	if (function->wakes) {
		key(&writing, "while_freeing");
		fputs("allow", writing.out);
	}
	if (frees_parent(&writing)) {
		key(&writing, "children");
		fputs("keep", writing.out);
	}
	write_stack(&writing);
	fputc('}', writing.out);
	fclose(writing.out);
	return text;
}
