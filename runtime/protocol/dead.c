/* The way of a guard:
 *
 *   noted      a life has ended; it goes into line, where it stays though its value may come back
 *   fading     it has come to the head of the line, and it is dead: whoever finds it by its value from now on, or names
 *              it in a frame or a cache, keeps it
 *   gone       a round of visits later nobody has: it is taken out of the table
 *   free       another round later nobody can have it in hand: it is the next value's guard
 *
 * A visit that found it before it was fading is over when it goes, and one that begins after that finds it fading first
 * and keeps it, by an exchange that excludes the one which lets it go. So no life begins in a guard that is gone.
 *
 * What others keep beyond their visits are a guard's address and a generation: a child its parent, a claim's record, a
 * thread the older lives that it met. Generations go on when a guard becomes another value's, so that none of them
 * takes one for the other.
 *
 * Deaths are numbered. So many make a turn, and turns go to several lines, one after the other. Whose death ends a turn
 * lets the next line advance: all who note have their part in the work, which is as much as they make. Notes come from
 * anywhere, also from a signal handler, and wait for nobody: a line that somebody is at is passed over. */
#include "protocol/dead.h"

#include "base/counters.h"
#include "base/memory.h"
#include "base/options.h"
#include "format/image.h"
#include "format/record.h"
#include "protocol/end.h"
#include "protocol/family.h"
#include "protocol/guard.h"
#include "protocol/guard_word.h"
#include "protocol/handle_table.h"
#include "protocol/signals.h"
#include "protocol/ties.h"
#include "thread/cache.h"
#include "thread/frames.h"
#include "thread/thread.h"
#include "thread/visit.h"

/* limit: DEAD_FORGOTTEN; and MEMORY_REFUSED where so many numbers in a row come to nothing */
enum { TURN = 512, LINES = 8 };
enum { ENTRIES_A_DEATH = 256 }; /* no limit: how many entries of caches are looked at, at most */

struct turn {
	_Atomic uintptr_t place[TURN]; /* a guard */
	_Atomic uint64_t number;       /* 0: nobody has stood in it */
	struct turn *next;
};

static const uintptr_t TOO_LATE = 1; /* in a place: whoever has its number takes another one */

struct line {
	struct turn *first, *last;
	uint64_t length;
};

/* What is not atomic is for who is busy with it. */
static struct way {
	_Alignas(64) struct turn *_Atomic filling;
	struct turn *_Atomic filled; /* the latest of those that are full, or nearly so */
	_Atomic bool busy;
	struct line waiting, fading, gone, unused;
	uint64_t fading_since, gone_since; /* rounds; 0: nothing is */
	struct hg_nodes *nodes;            /* which rest with what is gone */
	struct hg_guard *made_in_vain;     /* likewise */
} ways[LINES];

static _Atomic uint64_t deaths;
static struct turn *_Atomic free_turns;
static struct hg_arena arena;

/* --- lines --- */

static void push(struct turn *_Atomic *list, struct turn *turn)
{
	struct turn *first = atomic_load(list);
	do
		turn->next = first;
	while (!atomic_compare_exchange_weak(list, &first, turn));
}

static void append(struct line *line, struct turn *turn)
{
	turn->next = NULL;
	if (line->last)
		line->last->next = turn;
	else
		line->first = turn;
	line->last = turn;
	line->length++;
}

static struct turn *take_first(struct line *line)
{
	struct turn *turn = line->first;
	if (!turn)
		return NULL;
	line->first = turn->next;
	line->last = line->first ? line->last : NULL;
	line->length--;
	return turn;
}

/* What was filled, in the order in which it was. */
static void collect(struct way *way)
{
	struct turn *oldest = NULL, *next;
	for (struct turn *turn = atomic_exchange(&way->filled, NULL); turn; turn = next) {
		next = turn->next;
		turn->next = oldest;
		oldest = turn;
	}
	for (; oldest; oldest = next) {
		next = oldest->next;
		append(atomic_load(&oldest->number) ? &way->waiting : &way->unused, oldest);
	}
}

/* --- notes --- */

/* None comes back to the list while a visit lasts that has seen it there. */
static struct turn *new_turn(uint64_t number)
{
	struct turn *turn = atomic_load(&free_turns);
	while (turn && !atomic_compare_exchange_weak(&free_turns, &turn, turn->next))
		;
	if (!turn)
		turn = hg_arena_take(&arena, sizeof *turn);
	if (turn)
		atomic_store(&turn->number, number);
	return turn;
}

/* Null: it is over, or there is no memory for it. */
static struct turn *turn_of(struct way *way, uint64_t number)
{
	struct turn *there = atomic_load(&way->filling);
	uint64_t latest = there ? atomic_load(&there->number) : 0;
	if (there && latest >= number)
		return latest == number ? there : NULL;
	struct turn *fresh = new_turn(number);
	if (!fresh || atomic_compare_exchange_strong(&way->filling, &there, fresh)) {
		if (fresh && there)
			push(&way->filled, there);
		return fresh;
	}
	/* Somebody else was first. It goes back when those are gone who may have seen it on the list of free ones. */
	atomic_store(&fresh->number, 0);
	push(&way->filled, fresh);
	return atomic_load(&there->number) == number ? there : NULL;
}

/* Puts a guard into line. The number of its death; 0: there is no room. */
static uint64_t scratch_line(struct hg_guard *guard)
{
	for (int tries = 0; tries < TURN; tries++) {
		uint64_t death = atomic_fetch_add_explicit(&deaths, 1, memory_order_relaxed) + TURN;
		struct turn *turn = turn_of(&ways[death / TURN % LINES], death / TURN);
		uintptr_t nobody = 0;
		if (turn && atomic_compare_exchange_strong(&turn->place[death % TURN], &nobody, (uintptr_t)guard))
			return death;
	}
	atomic_store(&guard->dead, 0);
	hg_count(HG_COUNTER_MEMORY_REFUSED);
	return 0;
}

/* --- who is named --- */

static void keep(struct hg_guard *guard)
{
	if (guard)
		hg_guard_meet(guard);
}

/* Of what is fading, which is less than what the thread remembers. */
static void keep_remembered_by(const struct hg_context *context, const struct way *way)
{
	for (const struct turn *turn = way->fading.first; turn; turn = turn->next)
		for (int i = 0; i < TURN; i++) {
			uintptr_t held = atomic_load(&turn->place[i]);
			struct hg_guard *guard = held > TOO_LATE ? (struct hg_guard *)held : NULL;
			if (guard && hg_cache_names(context, guard, guard->value))
				keep(guard);
		}
}

static bool keep_named_by(struct hg_context *context, void *argument)
{
	const struct way *way = argument;
	if (hg_cache_is_large(context))
		keep_remembered_by(context, way);
	else
		hg_cache_each(context, keep);
	keep(atomic_load(&context->draining));
	for (unsigned i = 0; i < HG_EXPECTED_MOST; i++)
		keep(__atomic_load_n(&context->expected[i].guard, __ATOMIC_RELAXED));
	for (unsigned i = 0; i < HG_TAKEN_MOST; i++)
		keep(__atomic_load_n(&context->taken[i].guard, __ATOMIC_RELAXED));
	return true;
}

static bool keep_in_flight(struct hg_context *owner, struct hg_frame *frame, void *unused)
{
	(void)owner;
	(void)unused;
	struct hg_frame now = hg_frame_load(frame);
	keep(hg_frame_guard(now.guard));
	if (now.guard != HG_FRAME_HOLE && now.guard & HG_FRAME_FREE && hg_frame_guard(now.guard))
		keep(hg_frame_parent(&now));
	return true;
}

/* --- the way --- */

/* Whether nothing hangs on the guard. */
static bool is_done_with(struct hg_guard *guard)
{
	uint64_t word = atomic_load(&guard->word);
	bool more = guard->class->flags & HG_CLASS_MORE;
	return word & HG_WORD_FREED && !hg_word_frameless(word) && !hg_end_pending(guard) &&
	       !hg_inspectors(atomic_load(&guard->signals)) && hg_family_is_out(guard) && !hg_family_any(guard) &&
	       !hg_ties_any(guard) && !(more && atomic_load(&hg_guard_more(guard)->held));
}

static void stand_again(struct hg_guard *guard)
{
	atomic_fetch_and(&guard->dead, (uint16_t) ~(HG_DEAD_AGAIN | HG_DEAD_FADING));
	scratch_line(guard);
}

/* Out of the line, unless it has died again meanwhile. */
static void release(struct hg_guard *guard)
{
	uint16_t held = atomic_load(&guard->dead);
	while (!(held & HG_DEAD_AGAIN))
		if (atomic_compare_exchange_weak(&guard->dead, &held, 0))
			return;
	stand_again(guard);
}

/* It has come to the head of the line. False: it has left. */
static bool fade(struct hg_guard *guard)
{
	uint64_t word = atomic_load(&guard->word);
	uint16_t held = atomic_load(&guard->dead);
	if (held & HG_DEAD_GONE)
		return true;
	if (!(held & HG_DEAD_AGAIN) && word & HG_WORD_FREED) {
		atomic_fetch_or(&guard->dead, HG_DEAD_FADING);
		return true;
	}
	if (held & HG_DEAD_AGAIN || word & HG_WORD_FREEING)
		stand_again(guard);
	else
		release(guard);
	return false;
}

/* False: somebody keeps it. */
static bool let_go(struct hg_guard *guard)
{
	uint16_t held = atomic_load(&guard->dead);
	while (held & HG_DEAD_FADING)
		if (atomic_compare_exchange_weak(&guard->dead, &held, HG_DEAD_QUEUED | HG_DEAD_GONE))
			return true;
	return false;
}

/* False: it has left. */
static bool retire(struct hg_guard *guard)
{
	if (atomic_load(&guard->dead) & HG_DEAD_GONE)
		return true;
	if (!is_done_with(guard) || !let_go(guard)) {
		stand_again(guard);
		return false;
	}
	hg_table_remove(guard);
	hg_count(HG_COUNTER_DEAD_FORGOTTEN);
	return true;
}

static bool recycle(struct hg_guard *guard)
{
	hg_guard_recycle(guard);
	return false;
}

/* --- advancing --- */

/* All of a turn take a step, and those stay for which it says so. */
static void step(struct turn *turn, bool (*take)(struct hg_guard *))
{
	for (int i = 0; i < TURN; i++) {
		uintptr_t held = atomic_exchange(&turn->place[i], TOO_LATE);
		if (held > TOO_LATE && take((struct hg_guard *)held))
			atomic_store(&turn->place[i], held);
	}
}

static void reuse(struct turn *turn)
{
	for (int i = 0; i < TURN; i++)
		atomic_store_explicit(&turn->place[i], 0, memory_order_relaxed);
	push(&free_turns, turn);
}

/* Whether anything is gone. */
static bool end_rounds(struct way *way)
{
	struct turn *turn;
	if (way->gone_since && hg_visit_is_over(way->gone_since)) {
		while ((turn = take_first(&way->gone))) {
			step(turn, recycle);
			reuse(turn);
		}
		hg_table_reuse_nodes(way->nodes);
		hg_guards_reuse(way->made_in_vain);
		way->gone_since = 0;
	}
	if (way->gone_since || !way->fading.first || !hg_visit_is_over(way->fading_since))
		return false;
	hg_contexts_each(keep_named_by, way);
	hg_frames_each(keep_in_flight, NULL);
	while ((turn = take_first(&way->fading))) {
		step(turn, retire);
		append(&way->gone, turn);
	}
	way->nodes = hg_table_rest_nodes();
	way->made_in_vain = hg_guards_rest();
	return true;
}

/* Whether anything is fading. The more threads there are, and the more each remembers, the more is done at a time: all
 * are asked. */
static bool begin_round(struct way *way)
{
	uint64_t remembered = (hg_options.dead_handles + LINES * TURN - 1) / (LINES * TURN);
	uint64_t excess = way->waiting.length > remembered ? way->waiting.length - remembered : 0;
	if (way->fading.first || !excess || excess * TURN < hg_caches_inside() / ENTRIES_A_DEATH)
		return false;
	struct turn *turn;
	while (excess-- && (turn = take_first(&way->waiting))) {
		step(turn, fade);
		append(&way->fading, turn);
	}
	while ((turn = take_first(&way->unused)))
		append(&way->fading, turn);
	return true;
}

static void advance(struct way *way)
{
	if (atomic_exchange(&way->busy, true))
		return;
	collect(way);
	bool ended = end_rounds(way), begun = begin_round(way);
	uint64_t round = ended || begun ? hg_visit_new_round() : 0;
	way->gone_since = ended ? round : way->gone_since;
	way->fading_since = begun ? round : way->fading_since;
	atomic_store(&way->busy, false);
}

/* False: it stands in line. */
static bool queue(struct hg_guard *guard)
{
	uint16_t held = atomic_load(&guard->dead);
	while (held & HG_DEAD_QUEUED)
		if (held & HG_DEAD_AGAIN || atomic_compare_exchange_weak(&guard->dead, &held, held | HG_DEAD_AGAIN))
			return false;
	return atomic_compare_exchange_strong(&guard->dead, &held, HG_DEAD_QUEUED);
}

void hg_dead_queue(struct hg_guard *guard)
{
	if (guard->class->kept || guard->class->root == guard || !queue(guard))
		return;
	struct hg_visit visit = hg_visit_begin();
	uint64_t death = scratch_line(guard);
	if (death % TURN == TURN - 1)
		advance(&ways[(death / TURN + 1) % LINES]);
	hg_visit_end(&visit);
}

/* Who was busy in the parent has left a line in pieces: what stands in it is remembered for ever. */
void hg_dead_forked(void)
{
	for (int i = 0; i < LINES; i++)
		if (atomic_load(&ways[i].busy)) {
			ways[i].waiting = ways[i].fading = ways[i].gone = ways[i].unused = (struct line){0};
			ways[i].fading_since = ways[i].gone_since = 0;
			atomic_store(&ways[i].busy, false);
		}
}
