#include "sides/names.h"

#include <string.h>

static bool begins(const char *text, const char *with)
{
	while (*with && *text == *with) {
		text++;
		with++;
	}
	return !*with;
}

static bool ends(const char *text, const char *with)
{
	size_t length = strlen(text), wanted = strlen(with);
	return length >= wanted && strcmp(text + length - wanted, with) == 0;
}

static bool holds(const char *text, const char *part)
{
	while (*text && !begins(text, part))
		text++;
	return *text;
}

bool hg_is_split_off(const char *name)
{
	return holds(name, ".cold");
}

bool hg_is_everybodys(const char *name)
{
	static const char *const names[] = {"_init",
	                                    "_fini",
	                                    "_start",
	                                    "_dl_relocate_static_pie",
	                                    "deregister_tm_clones",
	                                    "register_tm_clones",
	                                    "__do_global_dtors_aux",
	                                    "frame_dummy",
	                                    NULL};
	size_t i = 0;
	while (names[i] && (*names[i] != *name || strcmp(names[i], name) != 0))
		i++;
	return names[i];
}

static bool is_hexadecimal(char letter)
{
	return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
}

/* Rust's older mangling looks like C++'s, but ends in a hash: "17h", 16 digits and "E"; what compilers add follows a
 * dot. C++ names are no mark: the library can be written in it. */
static bool is_rust_name(const char *name)
{
	enum { HASH = 20, DIGITS = 16 }; /* no limit: the format */
	size_t end = 0, digits = 0;
	if (begins(name, "_R"))
		return name[2] >= 'A' && name[2] <= 'Z';
	if (!begins(name, "_ZN"))
		return false;
	while (name[end] && name[end] != '.')
		end++;
	if (end < HASH || name[end - 1] != 'E' || !begins(name + end - HASH, "17h"))
		return false;
	while (digits < DIGITS && is_hexadecimal(name[end - 1 - DIGITS + digits]))
		digits++;
	return digits == DIGITS;
}

enum hg_mark hg_mark_of_part(const char *name)
{
	static const char *const all[] = {"_cgo_", "_cgoexp_", "_cffi_", NULL};
	static const char *const one[] = {"PyInit_",    "__pyx_",         "Java_",
	                                  "JNI_OnLoad", "napi_register_", "node_register_module_",
	                                  "Init_",      "luaopen_",       NULL};
	for (size_t i = 0; all[i]; i++)
		if (begins(name, all[i]))
			return HG_MARK_ALL;
	if (is_rust_name(name))
		return HG_MARK_ALL;
	for (size_t i = 0; one[i]; i++)
		if (begins(name, one[i]))
			return HG_MARK_ONE;
	/* No library has it; and linkers put it apart from the rest of its file. */
	return strcmp(name, "main") == 0 ? HG_MARK_ONE : HG_MARK_NONE;
}

enum hg_mark hg_mark_of_unit(const char *file)
{
	bool go = begins(file, "go.go") || begins(file, "_cgo_export.c") || ends(file, ".cgo2.c");
	return go || holds(file, "-cgu.") ? HG_MARK_ALL : HG_MARK_NONE;
}

/* --- words --- */

enum { SHORTEST = 3 }; /* no limit: of "a_" and the like nothing follows */

static bool is_upper(char letter)
{
	return letter >= 'A' && letter <= 'Z';
}

size_t hg_first_word(const char *name)
{
	size_t at = 0;
	while (name[at] == '_')
		at++;
	for (; !hg_is_name_end(name[at]); at++) {
		if (name[at] == '_')
			return at + 1;
		if (at > 0 && is_upper(name[at]) && !is_upper(name[at - 1]) && name[at - 1] != '_')
			return at;
	}
	return at;
}

bool hg_share_first_word(const char *name, const char *other)
{
	size_t same = 0;
	while (!hg_is_name_end(name[same]) && name[same] == other[same])
		same++;
	if (hg_is_name_end(name[same]) && hg_is_name_end(other[same]))
		return true;
	/* Most names differ by then. */
	if (same < SHORTEST)
		return false;
	size_t word = hg_first_word(name);
	return word == hg_first_word(other) && word >= SHORTEST && same >= word && !hg_is_name_end(name[word]) &&
	       !hg_is_name_end(other[word]);
}

bool hg_words_has(const struct hg_words *words, const char *name)
{
	unsigned i = hg_words_may_have(words, name) ? 0 : words->count;
	while (i < words->count && !hg_share_first_word(name, words->list[i]))
		i++;
	return i < words->count;
}

void hg_words_add(struct hg_words *words, const char *name)
{
	unsigned bit = hg_bit_of_beginning(name);
	if (words->count < HG_WORDS && !hg_words_has(words, name))
		words->list[words->count++] = name;
	words->beginnings[bit / 64] |= UINT64_C(1) << bit % 64;
}
