/* Prints what a manifest means, in words that stay when the layout of an image changes: a line for each class,
 * function, use, make and zero. What nothing is said of is left out, so that a key of a later version changes nothing.
 */
#include <inttypes.h>
#include <stdio.h>

#include "manifest/parse/read.h"

static void number(const char *name, int64_t value)
{
	if (value)
		printf(" %s=%" PRId64, name, value);
}

/* What only follows from the functions. */
static const uint32_t FOLLOWING =
    HG_CLASS_PARENT | HG_CLASS_CHILD | HG_CLASS_TORN_DOWN | HG_CLASS_RECENT | HG_CLASS_IN_PLACE;

static void print_class(const struct hg_manifest_class *class)
{
	printf("class %s type=%d", class->name, (int)class->type);
	for (size_t i = 0; i < class->none_count; i++)
		printf(" none=%" PRId64, class->nones[i]);
	number("flags", class->flags & ~FOLLOWING);
	number("drain", class->drain);
	if (class->deadline_ms >= 0)
		printf(" deadline_ms=%" PRId64, class->deadline_ms);
	number("after_deadline", class->after_deadline);
	number("limit", class->limit);
	putchar('\n');
}

static void print_condition(const char *name, const struct hg_image_condition *condition)
{
	if (condition->test)
		printf(" %s=%d:%d:%" PRId64, name, (int)condition->test, (int)condition->type, condition->value);
}

static void print_choice(const struct hg_image_choice *choice)
{
	if (choice->argument)
		printf(" if=%" PRIu32 ":%" PRId32, choice->argument - 1, choice->value);
}

static void print_place(struct hg_image_place place)
{
	printf(" argument=%d", place.argument);
	number("indirect", place.indirect);
	number("offset", place.offset);
	number("stride", place.stride);
	number(place.fixed ? "elements" : "count", place.count);
}

static void print_use(const struct hg_manifest *manifest, const struct hg_image_use *use)
{
	printf("  use %s", manifest->classes[use->class_index].name);
	if (use->all)
		fputs(" all", stdout);
	else
		print_place(hg_place_of_use(use));
	number("frees", use->frees);
	number("while_freeing", use->allowed_while_freeing);
	number("concurrent", use->concurrent);
	number("children", use->children);
	number("sinks", use->sinks);
	number("callbacks", use->callbacks);
	number("refused", use->none == HG_NONE_REFUSED);
	print_choice(&use->choice);
	putchar('\n');
}

static void print_make(const struct hg_manifest *manifest, const struct hg_image_make *make)
{
	printf("  make %s", manifest->classes[make->class_index].name);
	if (make->from_return)
		fputs(" result", stdout);
	else
		print_place(make->place);
	if (make->parent_class != HG_NONE)
		printf(" parent=%s:%d", manifest->classes[make->parent_class].name, make->parent_argument);
	number("floating", make->floating);
	print_choice(&make->choice);
	print_condition("when", &make->when);
	putchar('\n');
}

static void print_zero(const struct hg_image_zero *zero)
{
	printf("  zero argument=%d bytes=%" PRIu32, (int)zero->argument, zero->bytes);
	if (zero->counted)
		printf(" count=%d", zero->count);
	putchar('\n');
}

static void print_function(const struct hg_manifest *manifest, const struct hg_manifest_function *function)
{
	const struct hg_image_reject *reject = &function->reject;

	printf("function %s returns=%d", function->name, (int)function->returns);
	number("sret", function->sret);
	number("stack_bytes", function->stack_bytes);
	printf(" reject=%d:%" PRId64, (int)reject->type, (int64_t)reject->value);
	number("errno", reject->error);
	if (function->reject_text)
		printf(" text='%s'", function->reject_text);
	print_condition("freed", &function->freed);
	number("deferred", (int64_t)function->deferred);
	putchar('\n');
	for (size_t i = 0; i < function->use_count; i++)
		print_use(manifest, &function->uses[i]);
	for (size_t i = 0; i < function->make_count; i++)
		print_make(manifest, &function->makes[i]);
	for (size_t i = 0; i < function->zero_count; i++)
		print_zero(&function->zeros[i]);
}

int main(int argc, char **argv)
{
	struct hg_manifest *manifest = argc == 2 ? hg_manifest_read(argv[1], stderr) : NULL;

	if (!manifest)
		return 1;
	for (size_t i = 0; i < manifest->library_count; i++)
		printf("library %s\n", manifest->libraries[i]);
	for (size_t i = 0; i < manifest->class_count; i++)
		print_class(&manifest->classes[i]);
	for (size_t i = 0; i < manifest->function_count; i++)
		print_function(manifest, &manifest->functions[i]);
	hg_manifest_free(manifest);
	return 0;
}
