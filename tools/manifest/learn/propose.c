#include "manifest/learn/propose.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/generate/print.h"
#include "manifest/generate/update.h"

struct proposing {
	struct hg_guess *guess;
	const struct hg_manifest *manifest;
	const struct hg_observed *observed;
	const struct hg_prototypes *prototypes;
	FILE *out;
	bool *known; /* by class of the guess: the manifest has it */
	bool *asked; /* by question of the guess */
	size_t count;
};

static const struct hg_observed_function *seen(const struct proposing *proposing, const char *name)
{
	for (size_t i = 0; i < proposing->observed->function_count; i++)
		if (strcmp(proposing->observed->functions[i].name, name) == 0)
			return &proposing->observed->functions[i];
	return NULL;
}

/* ---- What the run tells besides ---- */

static bool creates(enum hg_guess_role role)
{
	return role == HG_GUESS_CREATE || role == HG_GUESS_CREATE_OUT || role == HG_GUESS_CREATE_HERE;
}

/* Handles of the class were met that nothing is known to have handed out. */
static bool was_adopted(const struct hg_observed_class *class)
{
	return class && class->adopted > 0;
}

/* Whether most functions of the manifest that return such a type hand out a new handle by it. */
static bool is_mostly_created(const struct proposing *proposing, const char *identity)
{
	const struct hg_manifest *manifest = proposing->manifest;
	size_t created = 0, others = 0;

	for (size_t i = 0; i < manifest->function_count; i++) {
		const struct hg_manifest_function *function = &manifest->functions[i];
		const struct hg_prototype *prototype = hg_prototype_find(proposing->prototypes, function->name);
		const char *returned = prototype ? hg_c_identity(prototype->returns) : NULL;
		if (!returned || strcmp(returned, identity) != 0)
			continue;
		bool creates_it = false;
		for (size_t m = 0; m < function->make_count; m++)
			creates_it |= function->makes[m].from_return;
		created += creates_it;
		others += !creates_it;
	}
	return created > others;
}

/* Only what is done to handles of the manifest's classes: of others nothing was seen. */
static void keep_known(const struct proposing *proposing, struct hg_guess_function *function)
{
	size_t kept = 0;

	for (size_t i = 0; i < function->use_count; i++)
		if (proposing->known[function->uses[i].class_index])
			function->uses[kept++] = function->uses[i];
	function->has_parent = function->has_parent && kept == function->use_count;
	function->use_count = kept;
}

/* Whether an argument is of a type that no handle of the manifest's has: a look into something else. */
static bool takes_others(const struct proposing *proposing, const struct hg_prototype *prototype)
{
	bool address;

	for (size_t i = 0; i < prototype->parameter_count; i++) {
		const char *identity = hg_guess_carried(prototype->parameters[i].type, &address);
		size_t class = hg_guess_class_of(proposing->guess, identity);
		if (identity && (class == proposing->guess->class_count || !proposing->known[class]))
			return true;
	}
	return false;
}

/* The class of which the function may return a handle: of its result's type or, where that has none of its own, one of
 * which handles were met that no create had handed out. What is const is only lent. class_count: none. */
static size_t returned_class(const struct proposing *proposing, const struct hg_prototype *prototype)
{
	const struct hg_guess *guess = proposing->guess;
	const struct hg_c_type *returns = prototype->returns;
	const char *identity = hg_c_identity(returns);
	bool is_lent = returns->kind == HG_C_POINTER && returns->to->is_const;
	bool is_untyped = !identity && returns->kind == HG_C_POINTER && returns->to->kind == HG_C_VOID;

	for (size_t i = 0; i < guess->class_count && !is_lent; i++) {
		const struct hg_observed_class *class = hg_observed_class(proposing->observed, guess->classes[i].name);
		if (!proposing->known[i])
			continue;
		if (identity ? strcmp(guess->classes[i].identity, identity) == 0 &&
		                   (was_adopted(class) || is_mostly_created(proposing, identity))
		             : is_untyped && guess->classes[i].type == HG_TYPE_POINTER && was_adopted(class) &&
		                   !takes_others(proposing, prototype))
			return i;
	}
	return guess->class_count;
}

/* By its name a function looks a handle up; but handles were met that nothing else can have handed out, or others like
 * it hand out new ones. */
static void settle_create(const struct proposing *proposing, struct hg_guess_function *function)
{
	size_t class = returned_class(proposing, function->prototype);

	for (size_t i = 0; i < function->use_count; i++)
		if (creates(function->uses[i].role))
			return;
	if (class == proposing->guess->class_count || function->use_count == HG_GUESS_USES)
		return;
	function->uses[function->use_count++] = (struct hg_guess_use){class, -1, HG_GUESS_CREATE, 0};
	function->is_left_out = false;
	function->question = HG_NO_QUESTION;
	function->reason = "returns one";
}

static bool takes(const struct hg_guess_function *function, size_t class)
{
	for (size_t i = 0; i < function->use_count; i++)
		if (function->uses[i].class_index == class && !creates(function->uses[i].role))
			return true;
	return false;
}

/* Whether no other function that the program uses and the manifest does not name takes handles of the class. */
static bool is_alone(const struct proposing *proposing, const struct hg_prototype *prototype, size_t class)
{
	for (size_t i = 0; i < proposing->guess->function_count; i++) {
		const struct hg_guess_function *other = &proposing->guess->functions[i];
		if (other->prototype != prototype && takes(other, class) && seen(proposing, other->prototype->name))
			return false;
	}
	return true;
}

/* By its name a function uses a handle; but handles came again, or lived to the end, and nothing else can have ended
 * them: a commit, an abort. */
static void settle_free(const struct proposing *proposing, struct hg_guess_function *function)
{
	if (function->use_count != 1 || function->uses[0].role != HG_GUESS_OP)
		return;
	size_t class = function->uses[0].class_index;
	const struct hg_observed_class *observed =
	    hg_observed_class(proposing->observed, proposing->guess->classes[class].name);
	if (!observed || observed->reborn + observed->kept == 0 || !is_alone(proposing, function->prototype, class))
		return;
	function->uses[0].role = HG_GUESS_FREE;
	function->wakes = false;
	function->question = HG_NO_QUESTION;
	function->reason = "nothing else that the program uses can end them";
}

/* ---- What is written ---- */

static void print_number(FILE *out, uint64_t count, const char *what)
{
	fprintf(out, "%" PRIu64 " %s%s", count, what, count == 1 ? "" : "s");
}

/* What was seen of the class that what this function does to it would explain. */
static void print_evidence(const struct proposing *proposing, const struct hg_guess_use *use)
{
	bool made = creates(use->role);
	const char *name = proposing->guess->classes[use->class_index].name;
	const struct hg_observed_class *class = hg_observed_class(proposing->observed, name);

	if (!class || use->role == HG_GUESS_OP || use->role == HG_GUESS_OP_ARRAY)
		return;
	if (made && class->adopted > 0) {
		fputs("; ", proposing->out);
		print_number(proposing->out, class->adopted, "handle");
		fprintf(proposing->out, " of '%s' came from no create that is named", name);
	}
	if (!made && class->kept > 0) {
		fputs("; ", proposing->out);
		print_number(proposing->out, class->kept, "handle");
		fprintf(proposing->out, " of '%s' lived to the end", name);
	}
	if (!made && class->reborn > 0) {
		fputs("; ", proposing->out);
		print_number(proposing->out, class->reborn, "handle");
		fprintf(proposing->out, " of '%s' came again without a free", name);
	}
}

static void propose_function(struct proposing *proposing, const struct hg_guess_function *function,
                             const struct hg_observed_function *seen)
{
	if (proposing->count++ == 0)
		fprintf(proposing->out,
		        "# What %s may lack, by what the program did. Read each line before it goes in there.\n"
		        "functions:\n",
		        proposing->manifest->path);
	fprintf(proposing->out, "\n  # Used by %s", seen->used_by);
	for (size_t i = 0; i < function->use_count; i++)
		if (i == 0 || function->uses[i].class_index != function->uses[i - 1].class_index)
			print_evidence(proposing, &function->uses[i]);
	fputs(".\n", proposing->out);
	hg_guess_print_function(proposing->guess, function, proposing->out);
	if (function->question)
		proposing->asked[function->question - 1] = true;
}

static struct hg_guess_function guessed(const struct hg_guess *guess, const struct hg_prototype *prototype)
{
	for (size_t i = 0; i < guess->function_count; i++)
		if (guess->functions[i].prototype == prototype)
			return guess->functions[i];
	return (struct hg_guess_function){.prototype = prototype};
}

static void look_at(struct proposing *proposing, const struct hg_prototype *prototype)
{
	const struct hg_observed_function *used = seen(proposing, prototype->name);

	if (!used)
		return;
	struct hg_guess_function function = guessed(proposing->guess, prototype);
	keep_known(proposing, &function);
	settle_create(proposing, &function);
	settle_free(proposing, &function);
	if (function.use_count > 0 && !function.is_left_out)
		propose_function(proposing, &function, used);
}

/* A late call on an address that a new handle has got is taken for a call on that. */
static void propose_quarantine(struct proposing *proposing, const struct hg_manifest_class *class)
{
	const struct hg_observed_class *seen = hg_observed_class(proposing->observed, class->name);

	if (!seen || seen->older == 0 || class->type != HG_TYPE_POINTER || (class->flags & HG_CLASS_QUARANTINE))
		return;
	fprintf(proposing->out, "\n# Class '%s': add 'quarantine: true'. ", class->name);
	print_number(proposing->out, seen->older, "call");
	fputs(" came from threads that had last seen an older handle of the same address.\n", proposing->out);
	proposing->count++;
}

/* Its handle stands for the library, and is there from the first call on. */
static bool is_the_library(const struct hg_manifest *manifest, const struct hg_manifest_class *class)
{
	for (size_t i = 0; i < manifest->function_count; i++)
		for (size_t j = 0; j < manifest->functions[i].use_count; j++) {
			const struct hg_image_use *use = &manifest->functions[i].uses[j];
			if (use->class_index == class - manifest->classes && use->indirect != HG_CONSTANT)
				return false;
		}
	return true;
}

/* Handles that nothing explains: no proposal, but where to look. */
static void ask_about_class(const struct proposing *proposing, const struct hg_manifest_class *class)
{
	const struct hg_observed_class *seen = hg_observed_class(proposing->observed, class->name);

	if (!seen || proposing->count > 0)
		return;
	if (seen->adopted > 0 && !(class->flags & HG_CLASS_UNSEEN) && !is_the_library(proposing->manifest, class)) {
		fputs("# ", proposing->out);
		print_number(proposing->out, seen->adopted, "handle");
		fprintf(proposing->out,
		        " of '%s' came from no create that is named, and no function that the program imports looks "
		        "like one: "
		        "was it looked up by name, or are they made before the guards are there?\n",
		        class->name);
	}
	if (seen->reborn > 0) {
		fputs("# ", proposing->out);
		print_number(proposing->out, seen->reborn, "handle");
		fprintf(
		    proposing->out,
		    " of '%s' came again without a free, and no function that the program imports looks like one: what "
		    "ends them? See 'may_end' and 'children' in the manual.\n",
		    class->name);
	}
}

size_t hg_propose(struct hg_guess *guess, const struct hg_prototypes *prototypes, const struct hg_manifest *manifest,
                  const struct hg_observed *observed, FILE *out)
{
	struct proposing proposing = {
	    .guess = guess, .manifest = manifest, .observed = observed, .prototypes = prototypes, .out = out};

	proposing.known = hg_allocate(guess->class_count, sizeof(bool));
	proposing.asked = hg_allocate(guess->question_count, sizeof(bool));
	hg_guess_find_known(guess, prototypes, manifest, proposing.known);
	for (const struct hg_prototype *at = prototypes->table; at; at = at->hh.next)
		look_at(&proposing, at);
	for (size_t i = 0; i < manifest->class_count; i++)
		propose_quarantine(&proposing, &manifest->classes[i]);
	for (size_t i = 0; i < manifest->class_count; i++)
		ask_about_class(&proposing, &manifest->classes[i]);
	if (proposing.count > 0)
		hg_guess_print_questions(guess, proposing.asked, out);
	free(proposing.known);
	free(proposing.asked);
	return proposing.count;
}
