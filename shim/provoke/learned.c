/* What the options name is read while the process starts, before its first call. */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/counters.h"
#include "base/mix.h"
#include "base/options.h"
#include "base/sys.h"
#include "provoke/learned.h"
#include "provoke/learned_words.h"
#include "provoke/near_miss.h"
#include "provoke/turns.h"
#include "provoke/watch.h"

enum { FRUITLESS_MOST = 5 }; /* no limit: more than that says no more */

static struct hg_site *site_in(const struct hg_word_of *word)
{
	return hg_site_named(word->text, word->length);
}

/* A site's text begins with its function. */
static void note_function(const struct hg_site *site)
{
	const char *text = hg_site_text(site);
	hg_watch_know(text, strcspn(text, "@"));
}

static bool read_pair(const struct hg_word_of *words, unsigned count)
{
	if (count != 3 || !hg_learned_is_site(&words[1]) || !hg_learned_is_site(&words[2]))
		return false;
	struct hg_site *op = site_in(&words[1]), *free = site_in(&words[2]);
	if (op && free) {
		hg_near_know(op, free);
		note_function(op);
	}
	return true;
}

static bool read_passed(const struct hg_word_of *words, unsigned count)
{
	if (count == 2)
		hg_watch_know_class(words[1].text, words[1].length);
	return count == 2;
}

static bool read_miss(const struct hg_word_of *words, unsigned count)
{
	uint32_t fruitless;
	if (count != 4 || !hg_learned_is_site(&words[1]) || hg_learned_point(&words[2]) == HG_POINTS ||
	    !hg_learned_number(&words[3], &fruitless))
		return false;
	struct hg_site *site = site_in(&words[1]);
	fruitless = fruitless < FRUITLESS_MOST ? fruitless : FRUITLESS_MOST;
	if (site && !site->proven && fruitless > atomic_load(&site->fruitless)) {
		atomic_store(&site->fruitless, fruitless);
		site->fruitless_before = fruitless;
		/* The other point is next; after many it is the one or the other. */
		uint64_t chance = hg_mix(hg_options.seed ? hg_options.seed : hg_ticks(), atomic_load(&site->key)) >> 40;
		enum hg_point last = (enum hg_point)hg_learned_point(&words[2]);
		atomic_store(&site->turns, fruitless < FRUITLESS_MOST ? hg_turn_of(last) + 1 : (uint32_t)chance);
	}
	return true;
}

/* What has led to a finding has its turn first. */
static void prove(struct hg_site *site, unsigned point)
{
	site->proven = true;
	atomic_store(&site->fruitless, 0);
	atomic_store(&site->turns, hg_turn_of((enum hg_point)point));
}

/* Of several hits at a site the last in the file is done again. */
static bool read_hit(const struct hg_word_of *words, unsigned count, bool replay)
{
	uint32_t call, ms;
	unsigned point = count == 6 ? hg_learned_point(&words[2]) : HG_POINTS;
	if (point == HG_POINTS || !hg_learned_is_site(&words[1]) || !hg_learned_number(&words[3], &call) ||
	    !hg_learned_number(&words[4], &ms))
		return false;
	struct hg_site *site = site_in(&words[1]);
	if (!site)
		return true;
	prove(site, point);
	if (!replay)
		return true;
	site->replayed = point + 1;
	site->replayed_call = call;
	site->replayed_ms = ms;
	if (!hg_point_is_free((enum hg_point)point))
		note_function(site);
	return true;
}

static void read_line(const char *line, size_t length, bool replay)
{
	struct hg_word_of words[HG_LEARNED_WORDS];
	unsigned count = hg_learned_split(line, length, words);
	bool whole = !length || *line == '#' || (count && hg_learned_is(words, "run"));
	if (!whole && count && hg_learned_is(words, "hit"))
		whole = read_hit(words, count, replay);
	else if (!whole && count && hg_learned_is(words, "pair"))
		whole = read_pair(words, count);
	else if (!whole && count && hg_learned_is(words, "passed"))
		whole = read_passed(words, count);
	else if (!whole && count && hg_learned_is(words, "miss"))
		whole = read_miss(words, count);
	if (!whole)
		hg_count(HG_COUNTER_PROVOKE_DAMAGED);
}

static void read_lines(const char *text, size_t length, bool replay)
{
	for (size_t at = 0; at < length;) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t line = end ? (size_t)(end - text) - at : length - at;
		/* What another process is just writing ends without one. */
		if (end)
			read_line(text + at, line, replay);
		else
			hg_count(HG_COUNTER_PROVOKE_DAMAGED);
		at += line + 1;
	}
}

/* Read, not mapped: somebody may cut the file short meanwhile. The memory is given back. */
static void read_file(const char *path, bool replay)
{
	struct stat status;
	int file = (int)hg_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
	if (file < 0)
		return;
	size_t size = fstat(file, &status) == 0 && status.st_size > 0 ? (size_t)status.st_size : 0, used = 0;
	char *text = size ? hg_map_memory(size) : NULL;
	long got = 0;
	do
		used += (size_t)got;
	while (text && used < size &&
	       (got = hg_syscall(SYS_read, file, (long)(text + used), (long)(size - used), 0, 0, 0)) > 0);
	read_lines(text, used, replay);
	if (text)
		hg_syscall(SYS_munmap, (long)text, (long)size, 0, 0, 0, 0);
	hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
}

void hg_learned_read(void)
{
	if (*hg_options.learn)
		read_file(hg_options.learn, false);
	if (*hg_options.replay)
		read_file(hg_options.replay, true);
}
