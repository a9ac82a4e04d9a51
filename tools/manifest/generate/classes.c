/* Which types are those of handles: what some function hands out and another one frees, or what one fills in the
 * caller's memory and another empties. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/generate/guess.h"
#include "manifest/generate/names.h"

/* What is known of a type while it is decided whether it is a class. */
struct candidate {
	const char *identity, *spelling;
	const struct hg_c_type *type; /* of the handle */
	size_t givers, out_givers, inits, frees, ends, takers;
	const char *giver, *free;
};

struct candidates {
	struct candidate *list;
	size_t count;
};

static bool is_const(const struct hg_c_type *type)
{
	return type->kind == HG_C_POINTER && type->to->is_const;
}

static struct candidate *candidate_of(struct candidates *candidates, const char *identity, const struct hg_c_type *type)
{
	for (size_t i = 0; i < candidates->count; i++) {
		struct candidate *known = &candidates->list[i];
		if (strcmp(known->identity, identity) != 0)
			continue;
		if (is_const(known->type) && !is_const(type)) /* shown as it is created */
			known->type = type, known->spelling = type->spelling;
		return known;
	}
	struct candidate *longer = realloc(candidates->list, (candidates->count + 1) * sizeof(*longer));
	if (!longer)
		abort();
	candidates->list = longer;
	longer[candidates->count] = (struct candidate){.identity = identity, .spelling = type->spelling, .type = type};
	return &longer[candidates->count++];
}

/* A type of the system's, which libraries take and hand out as plain data. */
static bool is_systems(const char *identity)
{
	static const char *const names[] = {
	    "FILE",     "_IO_FILE", "DIR",           "__dirstream", "tm",      "timeval",     "timespec", "sockaddr",
	    "iovec",    "addrinfo", "passwd",        "servent",     "hostent", "stat",        "sigset_t", "fd_set",
	    "pollfd",   "va_list",  "__va_list_tag", "group",       "lconv",   "sockaddr_in", "in_addr",  "tms",
	    "timezone", "msghdr",   "utsname",       "dirent",      "rusage",  "epoll_event"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(identity, names[i]) == 0)
			return true;
	return false;
}

/* The first that is named like what makes one, or else the first. */
static void note_giver(struct candidate *candidate, const char *name)
{
	if (!candidate->giver ||
	    (hg_ends_with_word(name, hg_words_create) && !hg_ends_with_word(candidate->giver, hg_words_create)))
		candidate->giver = name;
}

static void look_at_parameter(const struct hg_guess *guess, struct candidates *candidates,
                              const struct hg_prototype *prototype, size_t index)
{
	const struct hg_c_type *type = prototype->parameters[index].type;
	bool address, frees = hg_guess_freed(guess, prototype) == index;
	const char *identity = hg_guess_carried(type, &address);

	if (!identity || is_systems(identity))
		return;
	struct candidate *candidate = candidate_of(candidates, identity, address ? type->to : type);
	if (frees) {
		bool weak = hg_ends_with_word(prototype->name, hg_words_end);
		candidate->frees += !weak;
		candidate->ends += weak;
		if (!candidate->free || (!weak && candidate->frees == 1))
			candidate->free = prototype->name;
	} else if (address && !hg_guess_takes_array(&prototype->parameters[index])) {
		candidate->out_givers++;
		note_giver(candidate, prototype->name);
	} else {
		candidate->takers++;
		candidate->inits += index == 0 && hg_names_init(prototype->name);
	}
}

static void look_at(const struct hg_guess *guess, struct candidates *candidates, const struct hg_prototype *prototype)
{
	const char *identity = hg_c_identity(prototype->returns);

	for (size_t i = 0; i < prototype->parameter_count; i++)
		look_at_parameter(guess, candidates, prototype, i);
	if (!identity || is_const(prototype->returns) || is_systems(identity))
		return;
	struct candidate *candidate = candidate_of(candidates, identity, prototype->returns);
	candidate->givers++;
	note_giver(candidate, prototype->name);
}

/* ---- Names ---- */

/* `sqlite3_stmt` -> stmt, `_grg_key` -> key, `raw1394handle_t` -> raw1394handle, `ENetHost` -> enethost. */
static char *class_name(const struct hg_guess *guess, const char *identity)
{
	size_t skip = strspn(identity, "_"), prefix = strlen(guess->prefix);

	if (prefix > 1 && strncasecmp(identity + skip, guess->prefix, prefix) == 0)
		skip += prefix;
	else if (prefix > 1 && strncasecmp(identity + skip, guess->prefix, prefix - 1) == 0 &&
	         identity[skip + prefix - 1])
		skip += prefix - 1;
	size_t length = strlen(identity + skip);
	if (length > 2 && strcmp(identity + skip + length - 2, "_t") == 0)
		length -= 2;
	char *name = hg_copy_text(identity + skip, length);
	for (char *at = name; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return name;
}

/* Two types whose names differ only in what is left out of a class's name. */
static char *unused_name(const struct hg_guess *guess, const char *identity)
{
	char *name = class_name(guess, identity);

	for (size_t i = 0; i < guess->class_count; i++)
		if (strcmp(guess->classes[i].name, name) == 0) {
			char *other = hg_format("%s_%zu", name, guess->class_count);
			free(name);
			return other;
		}
	return name;
}

static void add_class(struct hg_guess *guess, const struct candidate *candidate, bool caller_owned)
{
	const struct hg_c_type *type = candidate->type;
	char *name = unused_name(guess, candidate->identity);
	struct hg_guess_class *longer = realloc(guess->classes, (guess->class_count + 1) * sizeof(*longer));

	if (!longer)
		abort();
	guess->classes = longer;
	longer[guess->class_count++] = (struct hg_guess_class){
	    .name = name,
	    .identity = candidate->identity,
	    .spelling = candidate->spelling,
	    .type = type->kind == HG_C_INTEGER ? hg_c_as_result(type) : HG_TYPE_POINTER,
	    .is_visible = type->kind == HG_C_POINTER && type->to->kind == HG_C_RECORD && type->to->bytes,
	    .is_caller_owned = caller_owned,
	    .first_create = candidate->giver,
	    .first_free = candidate->free,
	};
}

/* ---- The verdict ---- */

static void judge(struct hg_guess *guess, const struct candidate *candidate)
{
	const struct hg_c_type *type = candidate->type;
	bool is_record = type->kind == HG_C_POINTER && type->to->kind == HG_C_RECORD;
	bool is_visible = is_record && type->to->bytes;
	bool given = candidate->givers || candidate->out_givers, ended = candidate->frees || candidate->ends;

	if (type->kind == HG_C_INTEGER && type->name)
		return; /* an enumeration */
	if (given && ended && (!is_visible || candidate->takers))
		add_class(guess, candidate, false);
	else if (given && ended)
		hg_guess_ask(
		    guess,
		    "'%s' is handed out by %s and freed by %s, but no other function takes one: is it plain memory, "
		    "or is a free that comes twice, or by two threads, a mistake to be told? It is left out.",
		    candidate->spelling, candidate->giver, candidate->free);
	else if (is_visible && !given && candidate->inits && ended)
		add_class(guess, candidate, true);
	else if (given && is_record && candidate->takers > 1)
		hg_guess_ask(guess,
		             "'%s' is handed out by %s, and nothing frees one by its name: what ends it? If it goes "
		             "with what it "
		             "was made from, see the manual, 'Handles made from others'. It is left out.",
		             candidate->spelling, candidate->giver);
}

void hg_guess_classes(struct hg_guess *guess, const struct hg_prototypes *prototypes)
{
	struct candidates candidates = {0};

	for (const struct hg_prototype *at = prototypes->table; at; at = at->hh.next)
		if (hg_exports_has(guess->exports, at->name))
			look_at(guess, &candidates, at);
	for (size_t i = 0; i < candidates.count; i++)
		judge(guess, &candidates.list[i]);
	free(candidates.list);
}
