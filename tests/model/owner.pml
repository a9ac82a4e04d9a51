/* Ops that are entered by the owner of a life whose word says that nobody else has touched it (handleguard_inline.h): the
 * first thread's, while the second one ends that life, makes the next one, which is its own, and ends that too, without a
 * look at the frames. Nothing may end under an op. */
#define LIVE    1
#define FREEING 2
#define FREED   4
#define SHARED  16

byte word = LIVE, life = 1;
byte owner = 1;      /* stored before the word that begins its life */
bool stored, frame;  /* of the op: what it has stored, and what the other thread sees of that */
bool ended[3], over; /* ended: the library has torn the life down */

/* A store becomes visible when the processor likes it to, at the latest with the other thread's heavy fence. */
active proctype processor()
{
	do
	:: frame != stored -> frame = stored
	:: over && frame == stored -> break
	od
}

inline load_word()
{
	atomic { seen = word; mine = life }
}

inline load_owner()
{
	owned = owner == 1
}

active proctype op()
{
	byte seen, mine, times;
	bool owned;
	do
	:: times < 2 ->
		times++;
		stored = true;
#ifdef MUTANT_OWNER_FIRST
		load_owner();
		load_word();
#else
		load_word();
		load_owner();
#endif
#ifdef MUTANT_OWNER_NOT_ASKED
		owned = true;
#endif
		if
		:: seen == LIVE && owned -> assert(!ended[mine]) /* the library is at work */
		:: else
		fi;
		stored = false
	:: else -> break
	od;
	over = true
}

active proctype other()
{
	/* An op of its own: it is a stranger here. */
	word = word | SHARED;
	word = FREEING | SHARED;
#ifndef MUTANT_NO_HEAVY_FENCE
	frame = stored;
#endif
	!frame;
	word = FREED | SHARED;
	ended[1] = true;
	owner = 2;
	atomic { life = 2; word = LIVE };
	/* Private, as far as the word says: a swap, and no fence. */
	atomic {
		assert(word == LIVE);
		word = FREED
	};
	ended[2] = true
}
