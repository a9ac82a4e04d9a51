/* The short way of ops on handles that the calling thread has met: in their library's own code, without a call, a lock
 * or an atomic read-modify-write. Whatever is not as expected goes on in the runtime. Included by handleguard.h, whose
 * handleguard_enter and handleguard_leave become macros here; nothing else in here is for its users.
 *
 * It knows one version of the runtime's structures, whose number stands in the name of the variable that leads to them.
 * A place goes this way once a runtime of this version has said in the place's state that it may; where another one is
 * in front of it, whose variable has another name, each op is a call. So it is in code that is built for the thread
 * sanitizer or the memory sanitizer, for other processors, or with HANDLEGUARD_OUT_OF_LINE.
 *
 * What is stored and loaded in which order (guard.c has the table, and argues it):
 *
 *   op enters                                      op leaves
 *   ---------                                      ---------
 *   move `top` above the frame F                   clear F's guard (release)
 *   (compiler barrier)                             lower `top` (release)
 *   fill F, its guard last (release)               (compiler barrier)
 *   (compiler barrier)                             load the guard's word (acquire): is anybody to be told?
 *   load the guard's word (acquire): may it enter?
 *     then `owner`, or what is remembered
 *
 * A signal handler that comes once `top` is moved puts its frames above F, and leaves alone what is remembered.
 *
 * A free that has changed the word has the kernel interrupt every processor that runs this process (membarrier), and
 * looks at the frames then. Of an op whose load came before, the store of F did too, and the free sees it; an op whose
 * load comes after sees the free, takes F back and asks the runtime. Leaving is the same the other way round.
 *
 * `owner` is loaded after a word that says that nobody but the owner has touched this life: then it is the owner of
 * this life, or of a later one that this very thread has begun meanwhile, in a signal handler. No thread ends a life
 * without a look at the frames unless it is that life's owner. (tests/model/owner.pml)
 *
 * What is remembered is the word of a life that this thread has entered by the runtime: the same word, the same life.
 *
 * Without membarrier, or where a fork does not wipe memory, or beside the thread sanitizer, `inline_limit` is null.
 * Where membarrier is lost later, it becomes so in all threads; an op that is in by then leaves without a fence, as one
 * in a trampoline does, and the free looks again after a while. A forked child finds zeros in its parent's threads, so
 * that `top` is not below `inline_limit`.
 *
 * In its frame an op keeps where it stands: program counter, stack pointer, frame pointer. Its stack is walked from
 * there. */
#ifndef HANDLEGUARD_INLINE_H
#define HANDLEGUARD_INLINE_H

#if !defined __GNUC__ || !defined __LP64__ || !(defined __x86_64__ || defined __AARCH64EL__)
#define HANDLEGUARD_CALLS 1
#elif defined __SANITIZE_THREAD__ || defined HANDLEGUARD_OUT_OF_LINE
#define HANDLEGUARD_CALLS 1
#elif defined __has_feature
#if __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define HANDLEGUARD_CALLS 1
#endif
#endif

/* --- the runtime's structures; embed.c asserts that they are so --- */

struct handleguard_frame {
	uint64_t guard, slot, fp, value, caller, caller_fp;
};

struct handleguard_known {
	uint64_t value, kind, guard, word;
};

struct handleguard_thread {
	struct handleguard_frame *top;
	uint64_t for_trampolines[2], mask;
	int64_t offset; /* from here to what is remembered */
	uint64_t user;
	struct handleguard_frame *inline_limit; /* where the calls are counted begins here too */
	uint64_t others[2], serial;
};

struct handleguard_guard {
	uint64_t word, value, kind, owner;
};

/* The low byte of a guard's word: alive, and nobody but its owner has touched it, or others have. And of the whole:
 * whoever leaves has somebody to tell. (no limit: bits) */
enum { HANDLEGUARD_OWNED = 1, HANDLEGUARD_SHARED = 17, HANDLEGUARD_TELL = 66 };

enum { HANDLEGUARD_HASH = 38 }; /* no limit: how many bits of a hash are not its place's */

/* --- */

#ifndef HANDLEGUARD_CALLS

#ifdef __cplusplus
extern "C" {
#endif

#define HANDLEGUARD_INLINE    __inline__ __attribute__((always_inline, unused))
#define HANDLEGUARD_LIKELY(x) __builtin_expect(!!(x), 1)

/* Never null, zeros before the thread's first op. Asked anew each time, which a compiler need not do by itself: an op
 * may be left on another thread than it was entered on, also within one function, by a coroutine. */
static HANDLEGUARD_INLINE struct handleguard_thread *handleguard_this_thread(void)
{
	struct handleguard_thread *thread;
#ifdef __x86_64__
	__asm__ volatile(".weak handleguard_thread_1\n\t"
	                 "movq handleguard_thread_1@gottpoff(%%rip), %0\n\t"
	                 "movq %%fs:(%0), %0"
	                 : "=r"(thread));
#else
	uint64_t base;
	__asm__ volatile(".weak handleguard_thread_1\n\t"
	                 "adrp %0, :gottprel:handleguard_thread_1\n\t"
	                 "ldr %0, [%0, :gottprel_lo12:handleguard_thread_1]\n\t"
	                 "mrs %1, tpidr_el0\n\t"
	                 "ldr %0, [%0, %1]"
	                 : "=&r"(thread), "=&r"(base));
#endif
	return thread;
}

/* Where this stands, into the frame: in the macro, so that it is the line that the macro stands in. On aarch64 the
 * return address must be in memory while the stack is walked: so it is where something changes the register. */
#ifdef __x86_64__
#define HANDLEGUARD_STANDS(frame, scratch)                                                                             \
	__asm__ volatile("leaq 1f(%%rip), %0\n"                                                                        \
	                 "1:\tmovq %0, %1\n\t"                                                                         \
	                 "leaq 1(%%rsp), %0\n\t"                                                                       \
	                 "movq %0, %2\n\t"                                                                             \
	                 "movq %%rbp, %3"                                                                              \
	                 : "=&r"(scratch), "=m"((frame)->caller), "=m"((frame)->fp), "=m"((frame)->caller_fp))
#else
#define HANDLEGUARD_STANDS(frame, scratch)                                                                             \
	__asm__ volatile("adr %0, 1f\n"                                                                                \
	                 "1:\tstr %0, %1\n\t"                                                                          \
	                 "mov %0, sp\n\t"                                                                              \
	                 "add %0, %0, #1\n\t"                                                                          \
	                 "str %0, %2\n\t"                                                                              \
	                 "str x29, %3"                                                                                 \
	                 : "=&r"(scratch), "=m"((frame)->caller), "=m"((frame)->fp), "=m"((frame)->caller_fp)          \
	                 :                                                                                             \
	                 : "x30")
#endif

struct handleguard_entering {
	struct handleguard_thread *thread;
	struct handleguard_frame *frame; /* null: it is the runtime's to enter */
	uint64_t *calls;                 /* counts those of the place */
};

static HANDLEGUARD_INLINE struct handleguard_entering handleguard_begin_entering(const handleguard *guard,
                                                                                 const handleguard_site *site)
{
	struct handleguard_entering in = {handleguard_this_thread(), 0, 0};
	uint64_t state = (uint64_t)__atomic_load_n(&site->state, __ATOMIC_ACQUIRE);
	if (!HANDLEGUARD_LIKELY(guard) || !HANDLEGUARD_LIKELY((int64_t)state < 0))
		return in;
	uint64_t limit = (uint64_t)__atomic_load_n(&in.thread->inline_limit, __ATOMIC_RELAXED);
	struct handleguard_frame *top = in.thread->top;
	if (!HANDLEGUARD_LIKELY((uint64_t)top < limit))
		return in;
	if (!top)
		__builtin_unreachable();
	__atomic_store_n(&in.thread->top, top + 1, __ATOMIC_RELEASE);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	in.frame = top;
	in.calls = (uint64_t *)(limit + state * 4 - 8); /* the place's first bit is out of sight then */
	return in;
}

/* Whether the thread has entered the life of this word before, by the runtime. (No kind: a signal handler has come
 * while it was being noted.) */
static HANDLEGUARD_INLINE bool handleguard_remembers(const struct handleguard_thread *thread,
                                                     const struct handleguard_guard *guard, uint64_t word)
{
	uint64_t hash = (guard->value ^ guard->value >> 5) * UINT64_C(0x94d049bb133111eb);
	const struct handleguard_known *known =
	    (const struct handleguard_known *)((const char *)thread + thread->offset +
	                                       (hash >> HANDLEGUARD_HASH & thread->mask));
	return known->guard == (uint64_t)guard && known->word == word && known->kind;
}

static HANDLEGUARD_INLINE bool handleguard_may_enter(const struct handleguard_thread *thread,
                                                     const struct handleguard_guard *guard)
{
	uint64_t word = __atomic_load_n(&guard->word, __ATOMIC_ACQUIRE);
	if (HANDLEGUARD_LIKELY((uint8_t)word == HANDLEGUARD_OWNED))
		return HANDLEGUARD_LIKELY(__atomic_load_n(&guard->owner, __ATOMIC_RELAXED) == thread->serial);
	return (uint8_t)word == HANDLEGUARD_SHARED && handleguard_remembers(thread, guard, word);
}

static HANDLEGUARD_INLINE bool handleguard_entered(handleguard *guard, handleguard_site *site, handleguard_op *op,
                                                   struct handleguard_entering in)
{
	const struct handleguard_guard *inner = (const struct handleguard_guard *)guard;
	__atomic_store_n(&in.frame->slot, (uint64_t)site, __ATOMIC_RELAXED);
	__atomic_store_n(&in.frame->value, inner->value, __ATOMIC_RELAXED);
	__atomic_store_n(&in.frame->guard, (uint64_t)guard, __ATOMIC_RELEASE);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	if (!HANDLEGUARD_LIKELY(handleguard_may_enter(in.thread, inner))) {
		__atomic_store_n(&in.frame->guard, 0, __ATOMIC_RELEASE);
		__atomic_store_n(&in.thread->top, in.frame, __ATOMIC_RELEASE);
		return false;
	}
	++*in.calls;
	op->guard = guard;
	op->frame = (char *)in.frame + 1; /* bit 0: entered here */
	return true;
}

/* False: the rest is the runtime's. Here the frame goes of an op that was entered here, is this thread's and the
 * topmost. (It holds another guard where the thread that entered is gone, and an op of this one has its place.) */
static HANDLEGUARD_INLINE bool handleguard_left(const handleguard_op *op)
{
	struct handleguard_thread *thread = handleguard_this_thread();
	struct handleguard_frame *frame = (struct handleguard_frame *)((uint64_t)op->frame - 1);
	if (!HANDLEGUARD_LIKELY((uint64_t)op->frame & 1) || !HANDLEGUARD_LIKELY(thread->top == frame + 1) ||
	    !HANDLEGUARD_LIKELY(__atomic_load_n(&frame->guard, __ATOMIC_RELAXED) == (uint64_t)op->guard))
		return false;
	__atomic_store_n(&frame->guard, 0, __ATOMIC_RELEASE);
	__atomic_store_n(&thread->top, frame, __ATOMIC_RELEASE);
	__atomic_signal_fence(__ATOMIC_SEQ_CST);
	return HANDLEGUARD_LIKELY(!(__atomic_load_n((const uint64_t *)op->guard, __ATOMIC_ACQUIRE) & HANDLEGUARD_TELL));
}

/* To the runtime goes a copy, by words: so the user's own op can stay in registers. */
#define handleguard_enter(its_guard, its_site, its_op)                                                                 \
	(__extension__({                                                                                               \
		handleguard *handleguard_its = (its_guard);                                                            \
		handleguard_site *handleguard_place = (its_site);                                                      \
		handleguard_op *handleguard_to = (its_op);                                                             \
		handleguard_op handleguard_copy;                                                                       \
		struct handleguard_entering handleguard_in =                                                           \
		    handleguard_begin_entering(handleguard_its, handleguard_place);                                    \
		uint64_t handleguard_scratch;                                                                          \
		bool handleguard_is_in = false;                                                                        \
		if (HANDLEGUARD_LIKELY(handleguard_in.frame)) {                                                        \
			HANDLEGUARD_STANDS(handleguard_in.frame, handleguard_scratch);                                 \
			handleguard_is_in =                                                                            \
			    handleguard_entered(handleguard_its, handleguard_place, handleguard_to, handleguard_in);   \
		}                                                                                                      \
		if (!HANDLEGUARD_LIKELY(handleguard_is_in)) {                                                          \
			handleguard_is_in =                                                                            \
			    (handleguard_enter)(handleguard_its, handleguard_place, &handleguard_copy);                \
			handleguard_to->guard = __atomic_load_n(&handleguard_copy.guard, __ATOMIC_RELAXED);            \
			handleguard_to->frame = __atomic_load_n(&handleguard_copy.frame, __ATOMIC_RELAXED);            \
		}                                                                                                      \
		handleguard_is_in;                                                                                     \
	}))

#define handleguard_leave(its_op)                                                                                      \
	(__extension__({                                                                                               \
		const handleguard_op *handleguard_of = (its_op);                                                       \
		handleguard_op handleguard_copy;                                                                       \
		if (!HANDLEGUARD_LIKELY(handleguard_left(handleguard_of))) {                                           \
			__atomic_store_n(&handleguard_copy.guard, handleguard_of->guard, __ATOMIC_RELAXED);            \
			__atomic_store_n(&handleguard_copy.frame, handleguard_of->frame, __ATOMIC_RELAXED);            \
			(handleguard_leave)(&handleguard_copy);                                                        \
		}                                                                                                      \
	}))

#ifdef __cplusplus
}
#endif

#endif

#endif
