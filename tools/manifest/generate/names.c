#include "manifest/generate/names.h"

#include <string.h>
#include <strings.h>

#include "manifest/prototype/words.h"

const char *const hg_words_create[] = {"new",     "create",  "open",    "init",  "alloc",    "start",   "make",
                                       "setup",   "connect", "begin",   "build", "generate", "gen",     "accept",
                                       "receive", "recv",    "prepare", "parse", "load",     "dequeue", NULL};
const char *const hg_words_free[] = {"free",    "destroy",  "close",    "delete", "dispose", "fini",
                                     "cleanup", "finalize", "term",     "del",    "release", "unref",
                                     "deinit",  "uninit",   "destruct", NULL};
/* These end a handle only where nothing else does: as often they end what it is doing. */
const char *const hg_words_end[] = {"end",       "finish", "shutdown", "stop", "disconnect",
                                    "terminate", "quit",   "exit",     NULL};
const char *const hg_words_copy[] = {"dup", "copy", "clone", "duplicate", NULL};
const char *const hg_words_look_up[] = {"get",  "find",    "lookup", "next",    "prev",   "first",
                                        "last", "peek",    "parent", "current", "handle", "child",
                                        "at",   "default", "self",   "owner",   NULL};
const char *const hg_words_acquire[] = {"ref", "retain", "addref", "acquire", "incref", NULL};
const char *const hg_words_wake[] = {"interrupt", "cancel", "wakeup", "breakloop", "abort", "yield", NULL};
const char *const hg_words_memory[] = {"malloc", "realloc", "calloc", "memdup", "strdup",
                                       "mem",    "data",    "buffer", NULL};
const char *const hg_words_init[] = {"init", "setup", "initialize", "initialise", "start", NULL};

const char *hg_last_word(const char *name, size_t *length, size_t *stem)
{
	static const char *const fillers[] = {"v",    "ex",    "all", "full", "now", "np",
	                                      "impl", "async", "and", "null", NULL};
	const char *last = NULL;
	size_t size;

	for (const char *at = hg_next_word(name, &size); at; at = hg_next_word(at + size, &size))
		if (!last || (size > 1 && !hg_is_one_of(at, size, fillers))) {
			last = at;
			*length = size;
		}
	if (last)
		*stem = (size_t)(last - name);
	return last;
}

/* `gzclose`: the word is the end of a longer one, and so long itself; 0: it is not. `reopen` and `restart` go on with
 * what is there. */
static size_t suffix_of(const char *word, size_t length, const char *const *words)
{
	static const char *const long_words[] = {"close", "free", "destroy", "delete", "open", "create", "start", NULL};

	if (strncasecmp(word, "re", 2) == 0)
		return 0;
	for (; *words; words++) {
		size_t size = strlen(*words);
		if (size < length && hg_is_one_of(*words, size, long_words) &&
		    strncasecmp(word + length - size, *words, size) == 0)
			return size;
	}
	return 0;
}

size_t hg_stem(const char *name, const char *const *words)
{
	size_t length, stem = 0;
	const char *last = hg_last_word(name, &length, &stem);
	size_t suffix = last && !hg_is_one_of(last, length, words) ? suffix_of(last, length, words) : 0;

	return suffix ? stem + length - suffix : stem;
}

bool hg_ends_with_word(const char *name, const char *const *words)
{
	size_t length, stem;
	const char *last = hg_last_word(name, &length, &stem);

	return last && (hg_is_one_of(last, length, words) || suffix_of(last, length, words));
}

bool hg_holds_word(const char *name, const char *const *words)
{
	size_t size;

	for (const char *at = hg_next_word(name, &size); at; at = hg_next_word(at + size, &size))
		if (hg_is_one_of(at, size, words) || suffix_of(at, size, words))
			return true;
	return false;
}

const char *hg_after_word(const char *name, const char *const *words)
{
	size_t size;

	for (const char *at = hg_next_word(name, &size); at; at = hg_next_word(at + size, &size))
		if (hg_is_one_of(at, size, words))
			return at + size;
	return NULL;
}

static bool has_this_word(const char *name, const char *word, size_t length)
{
	size_t size;

	for (const char *at = hg_next_word(name, &size); at; at = hg_next_word(at + size, &size))
		if (size == length && strncasecmp(at, word, length) == 0)
			return true;
	return false;
}

bool hg_shares_word(const char *name, const char *other, const char *prefix)
{
	size_t size;

	for (const char *at = hg_next_word(name, &size); at; at = hg_next_word(at + size, &size))
		if (size > 2 && !has_this_word(prefix, at, size) && has_this_word(other, at, size))
			return true;
	return false;
}

bool hg_names_init(const char *name)
{
	static const char *const makes[] = {"create", "open", "new", NULL};

	return hg_after_word(name, hg_words_init) || hg_ends_with_word(name, makes);
}
