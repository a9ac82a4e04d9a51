/* The guard protocol, for spin: some threads call ops on one handle, or on a child of it, while one or two free it. Checked in
 * every order in which their steps can come: no op runs in a handle that the real free is called of, nobody waits for
 * ever, the real free is called exactly once (or, after a deadline that leaks, never), no stack is walked that its owner has left.
 *
 * modelled.txt says which functions of the code each part models; check.py sees to it that this is looked at again when one
 * of them changes, and checks that each mutant (MUTANT_*) fails.
 *
 * Of what processors do with the order of memory there is what x86-64 does too: the store of a frame is seen late (`late`).
 * For what they do besides, releases and acquires, the argument is at the top of guard.c. Not modelled: that a value begins
 * another life, threads that vanish, calls left without a return, calls that end a handle when they return (ending.c), circles of
 * frees, real frees that fail, generations of parents beyond one, more frameless ops than can be counted.
 *
 * OPS        how many threads call an op
 * FREES      how many threads free
 * ALLOWED    the first op is one that may run while a free drains
 * FULL       the first op finds no room for a frame
 * DEFER      frees leave the real free to the last op
 * DEADLINE   a free may give up waiting at any time
 * OUTLASTS   then it leaves the real free to the last op
 * PRIVATE    the handle is private to the thread that frees it
 * FAMILY     ops are on a child of the handle
 * FULL_FENCE there is no membarrier: ops pay for a fence
 * ATTACHED   ops are on what the handle is attached to, and another thread attaches it, or (DETACHED) detaches it
 * WAKER      the first op is parked until it is woken, by calls of which the first is lost, on a thread that the free starts
 */
#ifndef OPS
#define OPS 2
#endif
#ifndef FREES
#define FREES 1
#endif

/* A guard's word (guard_word.h). */
#define LIVE     1
#define FREEING  2
#define FREED    4
#define LEAKED   8
#define SHARED   16
#define DEFERRED 32
#define WATCHED  64
#define ORPHAN   128
#define FRAMELESS_ONE  256
#define PHASE    15
#define TELL     (FREEING | WATCHED)

#define GUARD 0 /* of the handle that is freed */
#if defined(FAMILY) || defined(ATTACHED)
#define USED 1 /* of the handle that ops are called on */
#else
#define USED 0
#endif

short word[2];
bool pending;    /* a deferred free has said what is to be called */
byte wake;       /* futex: counted up, modulo 8 */
bool asleep;     /* the free that drains, on `wake` */
byte inspecting; /* futex: frees that walk stacks */

/* A bit a thread that calls ops. */
byte frame;       /* in memory: its frame holds the guard that is used */
byte late, store; /* a store to it that is not in memory yet, and what it stores */
byte returned;    /* it has left the function that its frame tells of */
#define BIT(i) (1 << (i))

byte inside;     /* ops in the real function */
byte real_frees, leaks, done;

/* The tie between the two, and the bit of the thread that makes or undoes it: of the frame that it has on the handle. */
#ifdef ATTACHED
#define TIERS 1
#define TIER OPS
bool made;  /* a tie has been made */
byte marks; /* how often ORPHAN was set, modulo 4: part of the word */
#ifdef DETACHED
bool tied = true;
#else
bool tied;
#endif
/* Who leaves tells also where it led until just now. */
#if defined(DETACHED) && !defined(MUTANT_LOOSE_FORGOTTEN)
#define leads true
#else
#define leads tied
#endif
#else
#define TIERS 0
#define tied true
#define leads true
#endif

#ifdef WAKER
#define WAKERS FREES
#define NOBODY 7 /* of the bits of threads that call ops: of none */
bool heard, lost, given_up; /* who is parked was woken; a call was lost; the free waits no more */
#else
#define WAKERS 0
#endif

/* --- memory --- */

/* At any time; and before an instruction that is locked, or a fence. */
inline settle(i)
{
	d_step { frame = (frame & ~(late & BIT(i))) | (store & late & BIT(i)); late = late & ~BIT(i) }
}

active [OPS + TIERS] proctype memory()
{
	do
	:: atomic { late & BIT(_pid) -> settle(_pid) }
	:: done == OPS + FREES + WAKERS + TIERS && !(late & BIT(_pid)) -> break
	od
}

/* There is room for one: an earlier one goes first. */
inline store_frame(i, bits)
{
	atomic { !(late & BIT(i)) -> late = late | BIT(i); store = (store & ~BIT(i)) | bits }
}

inline light_fence(i)
{
#if defined(FULL_FENCE) && !defined(MUTANT_NO_LIGHT_FENCE)
	settle(i)
#else
	skip
#endif
}

inline heavy_fence()
{
#if !defined(FULL_FENCE) && !defined(MUTANT_NO_HEAVY_FENCE)
	d_step { frame = (frame & ~late) | (store & late); late = 0 }
#else
	skip
#endif
}

/* Compare and swap. `known` becomes what the word is, if that is something else. */
inline swap(g, known, next)
{
	atomic { if :: word[g] == known -> word[g] = next; won = true :: else -> known = word[g]; won = false fi }
}

/* --- who is in flight --- */

inline set_watched()
{
#if (defined(FAMILY) || defined(ATTACHED)) && !defined(MUTANT_NOT_WATCHED)
	atomic { if :: !(word[USED] & WATCHED) -> word[USED] = word[USED] | WATCHED; told = true :: else fi }
#else
	skip
#endif
}

/* Looks through all frames. */
inline scan_once()
{
	told = false;
	met = 0;
	do
	:: n < OPS ->
		if :: tied -> met = met | (frame & BIT(n)) :: else fi;
		if :: met & BIT(n) -> set_watched() :: else fi;
		n++
	:: else -> n = 0; break
	od;
#ifdef ATTACHED
	met = met | (frame & BIT(TIER))
#endif
}

/* A tie that is made meanwhile makes an op count that was passed over, by a call that has left when its turn comes. */
inline scan_while_tying()
{
#if defined(ATTACHED) && !defined(MUTANT_SCANNED_WHILE_TYING)
	do
	:: before = made; scan_once(); if :: made == before -> break :: else -> heavy_fence() fi
	od
#else
	scan_once()
#endif
}

/* Looks again once it has told ops on the child, so that these will tell when they leave. */
inline scan()
{
	scan_while_tying();
#if defined(FAMILY) || defined(ATTACHED)
	if
	:: told ->
#ifndef MUTANT_NO_FENCE_AFTER_WATCHED
		heavy_fence();
#endif
		scan_while_tying()
	:: else
	fi;
#endif
	any = met || word[GUARD] >= FRAMELESS_ONE
}

/* --- the end --- */

inline call_real_free()
{
	atomic { assert((inside == 0 || !tied) && leaks == 0); real_frees++; assert(real_frees == 1) }
}

/* FREEING -> FREED, for whoever found nothing in flight. */
inline claim()
{
	won = false;
	known = word[GUARD];
	do
#ifdef MUTANT_FRAMELESS_NOT_COUNTED
	:: known & FREEING && !won -> swap(GUARD, known, (known & ~(PHASE | DEFERRED)) | FREED)
#else
	:: known & FREEING && known < FRAMELESS_ONE && !won -> swap(GUARD, known, (known & ~(PHASE | DEFERRED)) | FREED)
#endif
	:: else -> break
	od
}

/* --- leaving --- */

inline run_deferred()
{
	if
	:: word[GUARD] & DEFERRED && pending ->
		scan();
		if
		:: !any ->
			claim();
			if :: won -> pending = false; call_real_free() :: else fi
		:: else
		fi;
		met = 0
	:: else
	fi
}

/* The thread's frame is cleared, and the word of the guard that it held says FREEING or WATCHED. `from`: whether that leads
 * to the handle. */
inline left_to(i, from)
{
	if
	:: from && word[GUARD] & FREEING ->
#ifndef MUTANT_NOT_WOKEN
		atomic { settle(i); wake = (wake + 1) % 8; asleep = false };
#endif
#ifndef MUTANT_NOT_WALKED
		inspecting == 0;
#endif
		run_deferred()
	:: else
	fi
}

inline left(i)
{
	left_to(i, leads)
}

/* --- ops --- */

proctype op(byte i; bool allowed, no_room)
{
	byte n, met;
	short seen, known;
	bool any, told, won, frameless, before;
#ifdef ATTACHED
	byte marked;
#endif
enter:
	seen = word[USED];
	if
	:: allowed && seen & FREEING ->
		swap(USED, seen, seen + FRAMELESS_ONE);
		if :: won -> frameless = true; goto call :: else -> goto enter fi
	:: else
	fi;
#ifdef ATTACHED
	/* A mark that has no reason (any more) is taken back. */
	atomic { seen = word[USED]; marked = marks };
	if
	:: seen & ORPHAN && !(tied && !(word[GUARD] & LIVE)) ->
		atomic { if :: word[USED] == seen && marks == marked -> word[USED] = seen & ~ORPHAN :: else fi };
		goto enter
	:: else
	fi;
#endif
	if
	:: !(seen & LIVE) || seen & ORPHAN -> goto refused
	:: else
	fi;
#ifndef MUTANT_NOT_SHARED
	if
	:: !(seen & SHARED) ->
		swap(USED, seen, seen | SHARED);
		if :: won -> seen = seen | SHARED :: else -> goto enter fi
	:: else
	fi;
#endif
	if
	:: no_room ->
		swap(USED, seen, seen + FRAMELESS_ONE);
		if :: won -> frameless = true; goto call :: else -> goto enter fi
	:: else
	fi;
	store_frame(i, BIT(i));
	light_fence(i);
#ifndef MUTANT_NOT_LOOKED_AGAIN
	if
	:: word[USED] == seen
	:: else -> store_frame(i, 0); goto enter
	fi;
#endif
call:
	atomic { assert(real_frees == 0 || !tied); inside++ };
#ifdef WAKER
	i != 0 || heard || given_up;
#endif
	inside--;
	if
	:: frameless -> atomic { settle(i); seen = word[USED]; word[USED] = seen - FRAMELESS_ONE }
	:: else -> store_frame(i, 0); light_fence(i); seen = word[USED]
	fi;
	if :: seen & TELL -> left(i) :: else fi;
	goto out;
refused:
#ifndef MUTANT_REFUSED_TELLS_NOBODY
	/* A scan may have met the frame that was just taken back. */
	if :: seen & TELL || seen & ORPHAN -> left(i) :: else fi;
#endif
out:
	returned = returned | BIT(i);
	done++
}

/* --- ties --- */

#ifdef ATTACHED
inline mark_used()
{
	atomic { word[USED] = word[USED] | ORPHAN; marks = (marks + 1) % 4 }
}

/* An op on both handles, which attaches the one to the other when it returns, or detaches it. */
proctype tier()
{
	byte n, met;
	short seen, known;
	bool any, told, won, before;
enter:
	seen = word[GUARD];
	if :: !(seen & LIVE) -> goto out :: else fi;
	store_frame(TIER, BIT(TIER));
	light_fence(TIER);
	if
	:: word[GUARD] == seen
	:: else -> store_frame(TIER, 0); goto enter
	fi;
#ifdef DETACHED
	atomic { settle(TIER); tied = false };
#else
	atomic { settle(TIER); tied = true };
#ifndef MUTANT_TIED_UNSEEN
	if
	:: !(word[GUARD] & LIVE) ->
		mark_used();
#ifndef MUTANT_NO_FENCE_AFTER_TIED
		heavy_fence()
#endif
	:: else
	fi;
#endif
	made = true;
#endif
	store_frame(TIER, 0);
	light_fence(TIER);
	seen = word[GUARD];
out:
	if :: seen & TELL -> left_to(TIER, true) :: else fi;
	returned = returned | BIT(TIER);
	done++
}
#endif

/* --- waking --- */

#ifdef WAKER
/* Calls the function that wakes the first op: in flight like an op without a frame, as long as the free drains. */
proctype waker()
{
	byte n, met;
	short seen, known;
	bool any, told, won, before;
	do
	:: given_up -> break
	:: else ->
		seen = word[GUARD];
		if :: !(seen & FREEING) -> break :: else fi;
#ifndef MUTANT_WAKER_NOT_COUNTED
		swap(GUARD, seen, seen + FRAMELESS_ONE);
		if
		:: won ->
#endif
			assert(real_frees == 0);
			if :: lost -> heard = true :: else -> lost = true fi;
			assert(real_frees == 0);
#ifndef MUTANT_WAKER_NOT_COUNTED
			atomic { seen = word[GUARD]; word[GUARD] = seen - FRAMELESS_ONE };
			if :: seen & TELL -> left(NOBODY) :: else fi
		:: else
		fi;
#endif
#ifdef MUTANT_WOKEN_ONCE
		break
#endif
	od;
	done++
}
#endif

/* --- frees --- */

/* Ops on the child that come from now on must look whose child it is; or what is attached to their handle. */
inline mark_family()
{
#if defined(FAMILY) && !defined(MUTANT_NOT_MARKED)
	atomic { word[USED] = word[USED] | ORPHAN }
#elif defined(ATTACHED)
	if :: tied -> mark_used() :: else fi
#else
	skip
#endif
}

/* Walks the stacks of the ops in flight, which cannot return while this goes on. */
inline inspect()
{
	d_step { assert(!(met & returned)); met = 0 }
}

inline publish()
{
	pending = true
}

inline leave_to_last_op()
{
#ifndef MUTANT_PUBLISHED_LATE
	publish();
#endif
	known = word[GUARD];
	won = false;
	do
	:: !won -> swap(GUARD, known, known | DEFERRED)
	:: else -> break
	od;
	won = false;
#ifndef MUTANT_NOT_SCANNED_AGAIN
	scan();
	if :: !any -> claim() :: else fi;
#endif
	if :: won -> pending = false; call_real_free() :: else fi;
#ifdef MUTANT_PUBLISHED_LATE
	publish()
#endif
}

inline wait_for_ops()
{
	do
	::
#ifndef MUTANT_WAKE_LOADED_LATE
		noticed = wake;
#endif
		scan();
#ifdef MUTANT_WAKE_LOADED_LATE
		noticed = wake;
#endif
		won = false;
		if :: !any -> claim() :: else fi;
		if :: won -> call_real_free(); break :: else fi;
		if
		:: true -> atomic { if :: wake == noticed -> asleep = true :: else fi }; !asleep
#ifdef DEADLINE
		:: true ->
#ifdef WAKER
			given_up = true;
#endif
#ifdef OUTLASTS
			leave_to_last_op();
#if defined(MUTANT_LEAKED_ALL_THE_SAME)
			d_step { if :: word[GUARD] & FREEING -> word[GUARD] = (word[GUARD] & ~(PHASE | DEFERRED)) | LEAKED :: else fi };
#elif defined(MUTANT_FREED_THOUGH_LEFT)
			call_real_free();
#endif
			break
#else
			known = word[GUARD];
			do
			:: known & FREEING && !won -> swap(GUARD, known, (known & ~PHASE) | LEAKED)
			:: else -> break
			od;
#ifdef MUTANT_FREED_AFTER_DEADLINE
			call_real_free();
#else
			leaks++;
#endif
			break
#endif
#endif
		fi
	od
}

proctype free()
{
	byte n, met, noticed;
	short known;
	bool any, told, won, before;
	known = word[GUARD];
	do
	:: !(known & LIVE) -> goto out /* another free has won */
	:: known & LIVE && !(known & SHARED) && known < FRAMELESS_ONE ->
		swap(GUARD, known, (known & ~PHASE) | FREED);
		if :: won -> call_real_free(); goto out :: else fi
	:: known & LIVE && (known & SHARED || known >= FRAMELESS_ONE) ->
#ifndef MUTANT_INSPECTING_LATE
		inspecting++;
#endif
#ifdef MUTANT_SWAP_BY_STORE
		word[GUARD] = (known & ~PHASE) | FREEING | SHARED;
		won = true;
#else
		swap(GUARD, known, (known & ~PHASE) | FREEING | SHARED);
#endif
		if :: won -> break :: else -> inspecting-- fi
	od;
	mark_family();
	heavy_fence();
	scan();
#ifdef MUTANT_INSPECTING_LATE
	inspecting++;
#endif
	inspect();
#ifdef WAKER
	run waker();
#endif
	inspecting--;
	won = false;
	if :: !any -> claim() :: else fi;
	if
	:: won -> call_real_free()
	:: else ->
#ifdef DEFER
		leave_to_last_op()
#else
		wait_for_ops()
#endif
	fi;
out:
	done++
}

init {
	byte i;
	atomic {
#ifdef PRIVATE
		word[GUARD] = LIVE;
#else
		word[GUARD] = LIVE | SHARED;
#endif
#if defined(FAMILY) || defined(ATTACHED)
		word[USED] = LIVE | SHARED;
#endif
#ifdef ATTACHED
		run tier();
#endif
		do
		:: i < OPS ->
#if defined(ALLOWED)
			run op(i, i == 0, false);
#elif defined(FULL)
			run op(i, false, i == 0);
#else
			run op(i, false, false);
#endif
			i++
		:: else -> i = 0; break
		od;
		do
		:: i < FREES -> run free(); i++
		:: else -> break
		od
	};
	done == OPS + FREES + WAKERS + TIERS;
	assert(real_frees + leaks == 1)
}
