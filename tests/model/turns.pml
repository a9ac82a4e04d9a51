/* Whose turn it is where ops run one after the other (shim/around/exclusive.c), for spin: threads call ops on one handle, on
 * the fast path where they keep it, and take it from each other. Checked in every order in which their steps can come: the
 * library never sees two ops at once.
 *
 * Each step is one access to memory; they are seen in their order, as the fences of an op's entry and the swaps have it.
 * Who waits looks again and again: that it is woken is not modelled, nor ops within ops.
 *
 * THREADS  how many
 * OPS      how many each of them calls
 * VERSIONS how far versions are followed
 */
#ifndef THREADS
#define THREADS 2
#endif
#ifndef OPS
#define OPS 2
#endif
#ifndef VERSIONS
#define VERSIONS 5
#endif

#ifdef MUTANT_NO_VERSION
#define NEXT(v) (v)
#else
#define NEXT(v) ((v) + 1)
#endif

/* A guard's `user`. */
byte owner, version;     /* owner 0: none yet; else thread + 1 */
bool awaited, idle = true, kept;
byte frame[THREADS];     /* ops of the thread whose frames are stored */
byte inside;             /* threads whose ops the library sees */

inline take() {
	/* idle: swap */
	took = false;
	atomic {
		if
		:: idle ->
			if
			:: owner == me -> if :: kept = true :: kept = false fi
			:: else -> kept = false
			fi;
			owner = me; idle = false; took = true
		:: else -> took = (owner == me)
		fi
	}
}

inline take_over() {
	atomic {
		if
		:: owner == seen_owner && version == seen_version && awaited && idle == false && kept == seen_kept ->
			idle = true; kept = false; awaited = false; version = NEXT(version)
		:: else
		fi
	}
}

inline release() {
	/* its own, and no frame of it any more */
	atomic {
		if
		:: !idle && owner == me && (awaited || !kept) && frame[me - 1] == 0 ->
			if :: awaited -> version = NEXT(version) :: else fi;
			idle = true; kept = false; awaited = false
		:: else
		fi
	}
}

proctype thread() {
	byte me = _pid, seen_owner, seen_version, ops;
	bool took, seen_kept, in, fast;
	do
	:: ops < OPS ->
		ops++;
		in = false; fast = false;
		do
		:: in -> break
		:: else ->
end_op:			(version < VERSIONS);
			/* the fast trampoline */
			frame[me - 1] = 1;
			atomic { if :: owner == me && kept && !awaited && !idle -> in = true; fast = true :: else fi }
			if
			:: in -> break
			:: else
			fi;
			frame[me - 1] = 0;
			/* the slow way */
			do
			:: took -> break
			:: else ->
end_wait:			(version < VERSIONS);
				take();
				if
				:: took -> break
				:: else
				fi;
				atomic {
					if
					:: !idle -> awaited = true; seen_owner = owner; seen_version = version; seen_kept = kept
					:: else -> seen_owner = 0
					fi
				}
				if
				:: seen_owner == 0
				:: else ->
					if
#ifdef MUTANT_NOT_LOOKED
					:: true -> take_over()
#endif
					:: frame[seen_owner - 1] == 0 -> take_over()
					:: else /* sleeps, and looks again */
					fi
				fi
			od;
			took = false;
			frame[me - 1] = 1;
			atomic {
				if
				:: owner == me && !idle ->
#ifndef MUTANT_NOT_RENEWED
					if :: awaited -> version = NEXT(version) :: else fi;
#endif
					in = true
				:: else
				fi
			}
			if
			:: in
			:: else -> frame[me - 1] = 0
			fi
		od;
		inside++;
		assert(inside == 1);
		inside--;
		frame[me - 1] = 0;
		if
		:: fast && !awaited
		:: else -> release()
		fi
	:: else -> break
	od
}

init { atomic { byte i; for (i : 0 .. THREADS - 1) { run thread() } } }
