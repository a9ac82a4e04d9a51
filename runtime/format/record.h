/* The recording: the mapped file (`.hgr`) of one process, as its runtime writes it and the tools read it.
 *
 * Byte order and word size are the writer's and stand in the header. All offsets are bytes from the start of the file.
 * Times are raw ticks of the processor's counter; the header's two pairs of (ticks, monotonic nanoseconds) convert
 * them. Any change of layout bumps HG_RECORD_VERSION. A reader trusts nothing in here. */
#ifndef HG_FORMAT_RECORD_H
#define HG_FORMAT_RECORD_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define HG_RECORD_MAGIC      "HGRECORD"
#define HG_RECORD_VERSION    5u /* no limit: the version */
#define HG_RECORD_BYTE_ORDER 0x01020304u
#define HG_RECORD_SUFFIX     ".hgr"

/* In which a frame is written that the recording names by itself, see hg_record_told. Numbers stay. */
enum hg_language { HG_LANGUAGE_NONE, HG_LANGUAGE_GO, HG_LANGUAGE_PYTHON, HG_LANGUAGE_JAVA, HG_LANGUAGE_COUNT };

enum hg_level { HG_LEVEL_NOTE = 1, HG_LEVEL_WARNING = 2, HG_LEVEL_ERROR = 3 };

enum hg_kind {
#define HG_KIND(id, name, level, when) HG_KIND_##id,
#include "kinds.def"
#undef HG_KIND
	HG_KIND_COUNT
};

enum hg_counter {
#define HG_COUNTER(id, name, meaning) HG_COUNTER_##id,
#include "counters.def"
#undef HG_COUNTER
	HG_COUNTER_COUNT
};

enum hg_mode { HG_MODE_GUARD, HG_MODE_OBSERVE, HG_MODE_ABORT };
/* AUTO: as DEFER where the freeing thread holds the lock of an interpreter, else as WAIT. */
enum hg_drain { HG_DRAIN_WAIT, HG_DRAIN_DEFER, HG_DRAIN_AUTO };

/* What becomes of a handle whose free has timed out: the last op frees it when it leaves, or nobody ever does. */
enum hg_after_deadline { HG_AFTER_DEADLINE_DEFER, HG_AFTER_DEADLINE_LEAK };

/* How the fast side's store of a frame is ordered against a free's scan. */
enum hg_fence {
	HG_FENCE_MEMBARRIER, /* the free pays: membarrier(PRIVATE_EXPEDITED) */
	HG_FENCE_FULL,       /* the op pays: a full fence each; membarrier was missing or refused at start */
	HG_FENCE_DEGRADED    /* membarrier was refused after it had been granted; fences since then */
};

/* Roles of a guarded function; one function can have several. */
enum hg_role {
	HG_ROLE_CREATE = 1,
	HG_ROLE_OP = 2,
	HG_ROLE_FREE = 4,
	HG_ROLE_ACQUIRE = 8,
	HG_ROLE_RELEASE = 16,
	HG_ROLE_AT_EXIT = 32, /* no function: the handlers at exit that the library has registered */
	HG_ROLE_TABLE = 64    /* hands out a table of functions */
};

/* A run of bytes in the file that holds records of one type. The file grows by whole extents. */
enum hg_extent_type {
	HG_EXTENT_NONE,
	HG_EXTENT_STRINGS,  /* NUL-terminated texts, appended; offset 0 is the empty text */
	HG_EXTENT_CLASSES,  /* struct hg_record_class */
	HG_EXTENT_SYMBOLS,  /* struct hg_record_symbol */
	HG_EXTENT_MODULES,  /* struct hg_record_module */
	HG_EXTENT_THREADS,  /* struct hg_record_thread, `stride` bytes apart */
	HG_EXTENT_TOTALS,   /* uint64_t counters of threads that are gone, laid out as a thread's */
	HG_EXTENT_SITES,    /* struct hg_record_site */
	HG_EXTENT_FINDINGS, /* the ring */
	HG_EXTENT_LIVE,     /* struct hg_record_live; only of programs that end without running exit handlers */
	HG_EXTENT_LABELS,   /* struct hg_record_label */
	HG_EXTENT_TOLD,     /* struct hg_record_told */
	HG_EXTENT_NAMED,    /* struct hg_record_named; not the process's, but of who read the recording after its end */
	HG_EXTENT_REACHED,  /* struct hg_record_reached; likewise */
	HG_EXTENT_MANIFESTS, /* struct hg_record_manifest */
	HG_EXTENT_UNNAMED,   /* struct hg_record_unnamed; as NAMED */
	HG_EXTENT_TYPE_COUNT
};

struct hg_record_extent {
	uint32_t type;   /* enum hg_extent_type */
	uint32_t stride; /* bytes from one record to the next; 1 for strings and the ring */
	uint64_t offset; /* multiple of 4096, but for strings multiple of 8 */
	uint64_t size;   /* bytes */
	uint64_t
	    used; /* records (strings: bytes) in use; the ring and the threads do not use it (a thread has a state) */
};

#define HG_RECORD_EXTENTS 40 /* limit: THREADS_UNRECORDED */

struct hg_record_header {
	char magic[8]; /* no limit: a fixed text */
	uint32_t version;
	uint32_t byte_order;
	uint32_t word_size; /* bytes */
	uint32_t header_size;
	uint64_t file_size;
	/* Clock bases: (ticks, ns) at the start, and again at the latest event that took a clock. */
	uint64_t start_ticks;
	uint64_t start_monotonic_ns;
	uint64_t start_realtime_ns;
	uint64_t latest_ticks;
	uint64_t latest_monotonic_ns;
	uint32_t pid;
	uint32_t parent_pid;
	uint64_t
	    process_start; /* field 22 of /proc/PID/stat: tells a live writer from a later process of the same number */
	uint32_t mode;
	uint32_t drain;
	uint32_t fence;
	uint32_t stacks; /* 1: stacks are captured */
	uint32_t on_full;
	uint32_t clean_exit; /* 1: the process left through exit() or by returning from main */
	uint64_t deadline_ns;
	uint64_t repeat_limit;
	/* The ring of findings. `ring_head` only grows; a byte at position P stands at P modulo the ring's size. */
	uint64_t ring_head;
	uint64_t ring_sequence;
	uint32_t class_counters; /* index of the first class counter in a thread's counters; before it one a symbol */
	uint32_t extent_count;
	uint32_t command_length; /* bytes of `command`, whose arguments each end with NUL */
	uint32_t command_cut;    /* 1: the command line was longer */
	uint64_t counters[96];   /* by enum hg_counter. no limit: they all fit, which is asserted */
	struct hg_record_extent extents[HG_RECORD_EXTENTS];
	char executable[512]; /* limit: NAMES_FULL */
	char command[1024];   /* limit: told as command_cut */
};

/* Counters of a class in a thread's counters: index = class_counters + class * HG_CLASS_COUNTERS + one of these. */
enum hg_class_counter {
	HG_CLASS_CREATED,
	HG_CLASS_ADOPTED, /* first seen in an op or free: created before us or by a function that the manifest does not
	                     name */
	HG_CLASS_FREED,
	HG_CLASS_LEAKED,
	HG_CLASS_COUNTERS
};

struct hg_record_class {
	uint32_t name; /* offset in the strings */
	uint32_t flags;
	uint64_t deadline_ns;    /* in force for the class */
	uint32_t drain;          /* in force for the class */
	uint32_t manifest;       /* text: the manifest's name */
	uint32_t limit;          /* how many handles there can be at once; 0: no limit is known */
	uint32_t after_deadline; /* in force for the class */
};

enum hg_symbol_state { HG_SYMBOL_UNUSED, HG_SYMBOL_NAMED, HG_SYMBOL_BOUND, HG_SYMBOL_MISSING, HG_SYMBOL_EMBEDDED };

enum hg_symbol_flag {
	HG_SYMBOL_OPTIONAL = 1, /* not every library that the manifest is for has the function */
	HG_SYMBOL_IN_TABLE = 2, /* by its manifest it stands in a table that the library hands out */
	HG_SYMBOL_BY_TABLE = 4, /* a guard has been put there in its place */
	HG_SYMBOL_NEARLY = 8    /* of LED: whose code it is that refers to it is known but approximately */
};

/* Above the flags: how many references to it were led to its guard in the code of the object that its library is linked
 * into; the most that can be said means that there are as many or more. */
#define HG_SYMBOL_LED_SHIFT 16               /* no limit: bits */
#define HG_SYMBOL_LED_MOST  UINT32_C(0xffff) /* no limit: it says "as many or more" */

struct hg_record_symbol {
	uint32_t state; /* written last */
	uint32_t name;
	uint32_t class_index; /* of the function's first handle; UINT32_MAX: none */
	uint32_t roles;
	uint64_t slot;    /* address in the process: what a frame names */
	uint64_t real;    /* address of the real function, once bound */
	uint32_t library; /* text: path of the object that defines it, once bound */
	uint32_t manifest;
	uint32_t patterns; /* text: of the sonames that the manifest is meant for, separated by spaces */
	uint32_t flags;    /* enum hg_symbol_flag, and LED */
};

/* A manifest that preload objects were made of. */
struct hg_record_manifest {
	uint32_t name;      /* text */
	uint32_t patterns;  /* text, as a symbol's */
	uint64_t hash;      /* of its text: tells whether two runs had the same */
	uint32_t unguarded; /* text: the functions that it leaves out on purpose, separated by spaces */
	uint32_t state;     /* 1: complete; written last */
};

#define HG_BUILD_ID_MAX 32 /* limit: NAMES_FULL */

enum hg_module_flag { HG_MODULE_RUNTIME = 1 /* the runtime's own: no frame in it is told */ };

struct hg_record_module {
	uint32_t state;           /* 1: complete; written last */
	uint32_t path;            /* text; empty: could not be kept */
	uint64_t load_bias;       /* what is added to the object's own addresses */
	uint64_t low, high;       /* range of the executable segments in the process */
	uint64_t loaded_ticks;    /* when it was first seen */
	uint64_t unloaded_ticks;  /* when it was found to be gone; 0: still there */
	uint32_t build_id_length; /* bytes; 0: none */
	uint8_t build_id[HG_BUILD_ID_MAX];
	uint32_t flags; /* enum hg_module_flag */
};

#define HG_TOLD_LANGUAGE UINT32_C(0xff)  /* of `flags`: enum hg_language */
#define HG_TOLD_INLINED  UINT32_C(0x100) /* of `flags`: into the frame that follows it */

/* Of `flags`, where the interpreter called the function, not code of the user's: */
#define HG_TOLD_FINALIZER UINT32_C(0x200)  /* to finalize an object */
#define HG_TOLD_WEAK      UINT32_C(0x400)  /* as the callback of a weak reference to an object that is gone */
#define HG_TOLD_COLLECTOR UINT32_C(0x800)  /* and that while it collected garbage */
#define HG_TOLD_ENDING    UINT32_C(0x1000) /* while it came to its end */
#define HG_TOLD_ENTRY     UINT32_C(0x1e00) /* any of these */

#define HG_TOLD_CALLED_BACK UINT32_C(0x2000) /* of `flags`, in Go: C has called the function, called by Go itself */
#define HG_TOLD_CREATOR     UINT32_C(0x4000) /* of `flags`: no frame of the stack, but where its goroutine was created */

/* A frame of a language above C, each once: where a user's function goes on. */
struct hg_record_told {
	uint32_t function; /* text */
	uint32_t file;     /* text */
	uint32_t line;     /* 0: not known */
	uint32_t flags;
};

#define HG_NAMED_INLINED UINT32_C(1) /* of `flags`: into the frame of the next record, which has the same pc */
#define HG_NAMED_BEGINS  UINT32_C(2) /* of `flags`: the line is the one that the function begins in */

/* What a program counter of a stack means. Those of one pc stand together, innermost first. */
struct hg_record_named {
	uint64_t pc;
	uint32_t module;   /* index of the module that held it; UINT32_MAX: none */
	uint32_t function; /* text */
	uint32_t file;     /* text */
	uint32_t line;     /* 0: not known */
	uint32_t language; /* text */
	uint32_t flags;
};

/* What the objects of the process said about a function that was not called. */
struct hg_record_reached {
	uint32_t symbol;  /* the first of this function's */
	uint32_t reach;   /* text: as the JSON report has it */
	uint32_t object;  /* text: path of the object that this is about */
	uint32_t used_by; /* text: path of an object that uses another's */
};

/* A function of a manifest's library that the manifest does not name, and that another object of the process uses. */
struct hg_record_unnamed {
	uint32_t manifest; /* text: its name */
	uint32_t function; /* text */
	uint32_t object;   /* text: path of the library */
	uint32_t used_by;  /* text: path of the object that uses it */
};

/* One op (or free, or create) between its entry and its return. */
struct hg_frame {
	uint64_t
	    guard; /* address of the guard; bit 0: a free or create, which no drain waits for; 0: the frame is empty */
	uint64_t slot;   /* address of the slot or site of the called function */
	uint64_t fp;     /* frame pointer of the trampoline; bit 0 set: the caller's stack pointer (embedded guards) */
	uint64_t value;  /* the handle; of a create: ticks at its entry */
	uint64_t caller; /* return address: where the call stands */
	uint64_t caller_fp; /* the caller's frame pointer (embedded guards); of a free: address of the parent's guard;
	                       of a create: where it stores the handle, if not in its result */
};

#define HG_FRAME_FREE UINT64_C(0x1) /* bit of `guard` */
#define HG_FRAME_OWN  UINT64_C(0x4) /* bit of `guard`, beside FREE: a call that the library itself makes */
#define HG_FRAME_RUNS UINT64_C(0x8) /* bit of `guard`, beside FREE: the real free has been called */
#define HG_FRAME_BITS (HG_FRAME_FREE | HG_FRAME_OWN | HG_FRAME_RUNS)
#define HG_FRAME_HOLE UINT64_C(0x2) /* all of `guard`: left out of order, as coroutines do; as good as empty */
#define HG_FRAMES     64            /* limit: FRAMES_FULL */

enum hg_thread_state { HG_THREAD_UNUSED, HG_THREAD_LIVE, HG_THREAD_GONE };

struct hg_record_thread {
	uint32_t state;
	uint32_t tid;
	char name[16]; /* no limit: the kernel keeps no longer ones */
	uint64_t started_ticks;
	uint64_t serial; /* no two threads of a process have the same */
	struct hg_frame frames[HG_FRAMES];
	uint64_t counters[]; /* calls by symbol, then the class counters */
};

/* Findings that are alike share a site: it counts all, and only the first few are stored in the ring. */
struct hg_record_site {
	uint64_t key; /* 0: unused; written first, and the rest by who has written it */
	uint16_t kind;
	uint16_t withdrawn; /* how many of its findings were stored and then taken back */
	uint32_t class_index;
	uint32_t symbol;       /* of the offending call; UINT32_MAX: none */
	uint32_t other_symbol; /* of the other side; UINT32_MAX: none */
	uint64_t call_pc;
	uint64_t other_pc;
	uint64_t call_user;  /* tells places in the user's code apart, the same in all processes; 0: C alone */
	uint64_t other_user; /* likewise */
	uint64_t count;
	uint64_t first_ticks;
	uint64_t last_ticks;
};

/* What a thread says that it is doing from then on (handleguard_label): the name of a test, as a rule. Or what the
 * thread goes on with that has created it: said once more with its first guarded call, as of when it was said. */
struct hg_record_label {
	uint64_t ticks; /* written last; 0: not complete */
	uint32_t tid;
	uint32_t text; /* 0: nothing any more */
};

#define HG_LIVE_DEPTH 26u /* limit: told as HG_PARTY_STACK_CUT */
#define HG_LIVE_TOLD  32u /* limit: told as HG_PARTY_STACK_CUT */

enum hg_live_state { HG_LIVE_UNUSED, HG_LIVE_BUSY, HG_LIVE_KEPT };

/* A handle that is alive. Of a process that ended by itself: one that was never freed. */
struct hg_record_live {
	uint32_t state; /* enum hg_live_state; written last */
	uint32_t class_index;
	uint64_t value;
	uint64_t ticks; /* of its create */
	uint32_t generation;
	uint32_t tid;
	uint32_t symbol;
	uint32_t depth;
	uint32_t flags;             /* enum hg_party_flag */
	uint32_t told_count;        /* of `told` */
	uint64_t pc[HG_LIVE_DEPTH]; /* as of a party */
	uint32_t told[HG_LIVE_TOLD];
};

/* A finding in the ring: this header, then `party_count` parties, each followed by its frames.
 * `length` is a multiple of 16 and so is every position. The writer stores `magic` last, once all else stands. */
#define HG_FINDING_MAGIC UINT64_C(0x474e49444e494648) /* "HFINDING" */
#define HG_FINDING_ALIGN 16u                          /* no limit: sizes are rounded up to it */
#define HG_PARTY_MAX     48u                          /* limit: PARTIES_CUT */
#define HG_STACK_MAX     64u                          /* limit: told as HG_PARTY_STACK_CUT */
#define HG_TOLD_MAX      64u                          /* limit: told as HG_PARTY_STACK_CUT */
#define HG_FINDING_MAX   32768u                       /* bytes. limit: PARTIES_CUT */

enum hg_finding_flag {
	HG_FINDING_DEFERRED = 1,     /* the free did not wait, or not any longer: the last op to leave was to run it */
	HG_FINDING_SERIALISED = 2,   /* the op waited until it was alone */
	HG_FINDING_ALL = 4,          /* it is about all handles of the class at once; there is no value */
	HG_FINDING_WITHHELD = 8,     /* the free that would have cut others off, or was a child's, did not take place */
	HG_FINDING_LEAKED = 16,      /* the free did not take place: the handle is leaked */
	HG_FINDING_PASSED = 32,      /* the call was over before anything could be done about it */
	HG_FINDING_LOCKED = 64,      /* the free did not wait because its thread held the lock of an interpreter */
	HG_FINDING_WAKER_STAYS = 128 /* what was called to wake the calls in flight had not returned */
};

/* A race is recorded while its calls are held up, and completed when it is known what came of it: in one word, which
 * replaces the one that says "open" if the record is still there.
 *
 *   63 62   61  56  55   48  47  32  31       26 25     0
 *   state   kind    flags    site    exponent    mantissa    (closed; of the ticks that the drain took)
 *   state   sequence                                         (open: no other record has the same word) */
enum hg_finding_state {
	HG_FINDING_AS_RECORDED, /* nothing is added to what the record says */
	HG_FINDING_OPEN,
	HG_FINDING_CLOSED,
	HG_FINDING_WITHDRAWN /* it was none after all */
};

enum hg_outcome_place {
	HG_OUTCOME_STATE = 62,
	HG_OUTCOME_KIND = 56,
	HG_OUTCOME_FLAGS = 48,
	HG_OUTCOME_SITE = 32,
	HG_OUTCOME_EXPONENT = 26
};
#define HG_OUTCOME_NO_SITE UINT32_C(0xffff)

/* What is known of a finding in the end. */
struct hg_finding_outcome {
	enum hg_finding_state state;
	uint32_t kind;
	uint32_t flags;       /* enum hg_finding_flag */
	uint32_t site;        /* index of the site; UINT32_MAX: none */
	uint64_t drain_ticks; /* how long the drain took; 0: did not wait */
};

struct hg_record_finding {
	uint64_t magic;
	uint64_t position; /* of this record; tells it from stale bytes of an earlier round */
	uint64_t checksum; /* hg_checksum of everything from `length` on, which says where it ends */
	uint64_t outcome;  /* what came of it, see enum hg_finding_state */
	uint32_t length;   /* bytes, header and parties */
	uint32_t kind;     /* as far as was known when it was recorded, as are flags and site */
	uint64_t sequence; /* 1, 2, 3 ... in the order of recording */
	uint32_t class_index;
	uint32_t generation;
	uint64_t value; /* the handle */
	uint64_t ticks;
	uint64_t deadline_ns; /* 0: no drain was involved */
	uint32_t site;        /* index of the site; UINT32_MAX: none */
	uint32_t flags;       /* enum hg_finding_flag */
	uint32_t party_count;
	uint32_t unlisted_holders; /* for whom there is no party */
	uint32_t unlisted_handles; /* live ones for which there is no party */
	uint32_t unused;
};

enum hg_party_role {
	HG_PARTY_CALL = 1,
	HG_PARTY_FREE,
	HG_PARTY_CREATE,
	HG_PARTY_IN_FLIGHT,
	HG_PARTY_CHILD, /* the create of a handle that was made from this one and is still alive */
	HG_PARTY_HOLDER,
	HG_PARTY_RECENT, /* of a call that named no handle: a free of the class that had begun shortly before */
	HG_PARTY_WAKER,  /* the function that was called to wake the calls in flight; of no thread, and without a stack
	                  */
	HG_PARTY_HELD    /* a call that was held back just before or meanwhile, so that this could happen; without a
	                    stack */
};

/* Where a call was held back. */
enum hg_point {
	HG_POINT_BEFORE, /* an op before it enters */
	HG_POINT_IN,     /* an op that has entered, before the real function is called */
	HG_POINT_CLAIM,  /* a free before it begins */
	HG_POINT_AFTER,  /* a free when the real function has returned */
	HG_POINT_LEAVE,  /* an op when the real function has returned, before it leaves */
	HG_POINTS
};
#define HG_POINT_LETTERS "bifal" /* by enum hg_point */

enum hg_party_flag {
	HG_PARTY_STACK_GONE = 1, /* the call ended before its stack could be walked */
	HG_PARTY_STACK_CUT = 2,  /* the stack is deeper than what is kept */
	HG_PARTY_ADOPTED = 4,    /* a create that nobody saw: this is where the handle was first met */
	HG_PARTY_OLDER = 8,      /* its thread had last seen an older handle of the same value, and may mean that one */
	HG_PARTY_INTERNAL = 16,  /* a call that the library itself made */
	HG_PARTY_ATTACHED = 32,  /* an op in flight on what the handle is attached to */
	HG_PARTY_POINT = 64      /* of HELD: its enum hg_point counts so many times */
};

/* How long a call had been held when the finding was made, and how long when the other side came, in microseconds: the
 * `value` of HELD. */
#define HG_HELD_LONG     32         /* no limit: a place in the word */
#define HG_HELD_NOT_CAME UINT32_MAX /* it had not come by then */

struct hg_record_party {
	uint32_t role;
	uint32_t flags;
	uint32_t tid;
	uint32_t symbol; /* UINT32_MAX: none */
	uint64_t ticks;
	uint64_t value; /* of a child, a holder, a recent free or ATTACHED: the handle that it is about; of HELD see
	                   HG_HELD_LONG */
	char thread_name[16]; /* no limit: the kernel keeps no longer ones */
	uint32_t depth;       /* program counters that follow, innermost first; all but the first are return addresses,
	                         and so is the first: it is where the guarded call returns to */
	uint32_t class_index; /* of a child, or ATTACHED: its class; of HELD: text, its site */
	uint32_t claims;      /* of a holder: how many it has; the rest of the party is its latest; of HELD: which of
	                         its site's calls it was */
	uint32_t told;        /* frames of the user's languages that follow, innermost first */
	/* uint64_t pc[depth] follows, then uint32_t told[told], the numbers of struct hg_record_told, and as many bytes
	   as make it a multiple of 8 */
};

/* The bytes of what follows a party. */
static inline uint64_t hg_party_frames_size(const struct hg_record_party *party)
{
	return 8 * (uint64_t)party->depth + (4 * (uint64_t)party->told + 7) / 8 * 8;
}

/* Which of two call sites is the first, in an order that is the same in all processes of a program, but for objects
 * that are loaded in another order. The first of all ops in flight is a finding's other side. */
static inline _Bool hg_site_is_before(uint32_t symbol, uint64_t pc, uint32_t than_symbol, uint64_t than_pc)
{
	return symbol != than_symbol ? symbol < than_symbol : pc < than_pc;
}

/* FNV-1a over 64-bit words (Fowler, Noll, Vo; offset basis and prime of the 64-bit variant). `length` is a multiple
 * of 8. */
static inline uint64_t hg_checksum(const void *bytes, size_t length)
{
	const uint64_t *word = (const uint64_t *)bytes;
	uint64_t hash = UINT64_C(14695981039346656037);
	for (size_t i = 0; i < length / 8; i++)
		hash = (hash ^ word[i]) * UINT64_C(1099511628211);
	return hash;
}

/* Checksum of a finding whose `length` can be trusted. */
static inline uint64_t hg_finding_checksum(const struct hg_record_finding *finding)
{
	size_t start = offsetof(struct hg_record_finding, length);
	return hg_checksum((const char *)finding + start, finding->length - start);
}

static inline uint64_t hg_outcome_open(uint64_t sequence)
{
	return (uint64_t)HG_FINDING_OPEN << HG_OUTCOME_STATE | (sequence & ((UINT64_C(1) << HG_OUTCOME_STATE) - 1));
}

static inline uint64_t hg_outcome_withdrawn(void)
{
	return (uint64_t)HG_FINDING_WITHDRAWN << HG_OUTCOME_STATE;
}

static inline uint64_t hg_outcome_closed(const struct hg_finding_outcome *outcome)
{
	uint64_t mantissa = outcome->drain_ticks, exponent = 0;
	uint32_t site = outcome->site < HG_OUTCOME_NO_SITE ? outcome->site : HG_OUTCOME_NO_SITE;
	for (; mantissa >> HG_OUTCOME_EXPONENT; mantissa >>= 1)
		exponent++;
	return (uint64_t)HG_FINDING_CLOSED << HG_OUTCOME_STATE | (uint64_t)outcome->kind << HG_OUTCOME_KIND |
	       (uint64_t)outcome->flags << HG_OUTCOME_FLAGS | (uint64_t)site << HG_OUTCOME_SITE |
	       exponent << HG_OUTCOME_EXPONENT | mantissa;
}

static inline struct hg_finding_outcome hg_finding_outcome(const struct hg_record_finding *finding)
{
	uint64_t word = __atomic_load_n(&finding->outcome, __ATOMIC_RELAXED);
	struct hg_finding_outcome outcome = {.state = (enum hg_finding_state)(word >> HG_OUTCOME_STATE),
	                                     .kind = finding->kind,
	                                     .flags = finding->flags,
	                                     .site = finding->site};
	if (outcome.state != HG_FINDING_CLOSED)
		return outcome;
	outcome.kind = word >> HG_OUTCOME_KIND & 0x3f;
	outcome.flags = word >> HG_OUTCOME_FLAGS & 0xff;
	outcome.site = word >> HG_OUTCOME_SITE & HG_OUTCOME_NO_SITE;
	outcome.site = outcome.site == HG_OUTCOME_NO_SITE ? UINT32_MAX : outcome.site;
	outcome.drain_ticks = (word & ((UINT64_C(1) << HG_OUTCOME_EXPONENT) - 1))
	                      << (word >> HG_OUTCOME_EXPONENT & 0x3f);
	return outcome;
}

static_assert(HG_KIND_COUNT <= 64, "a word of an outcome has six bits for the kind");
static_assert(HG_COUNTER_COUNT <= 96, "the header has room for 96 counters");
static_assert(sizeof(struct hg_record_extent) == 32, "layout");
static_assert(offsetof(struct hg_record_header, counters) == 160, "layout");
static_assert(offsetof(struct hg_record_header, extents) == 928, "layout");
static_assert(offsetof(struct hg_record_header, executable) == 2208, "layout");
static_assert(sizeof(struct hg_record_header) == 3744, "layout; must fit one page");
static_assert(sizeof(struct hg_record_class) == 32, "layout");
static_assert(sizeof(struct hg_record_symbol) == 48, "layout");
static_assert(sizeof(struct hg_record_module) == 88, "layout");
static_assert(sizeof(struct hg_record_manifest) == 24, "layout");
static_assert(sizeof(struct hg_record_unnamed) == 16, "layout");
static_assert(sizeof(struct hg_frame) == 48, "layout; the trampoline knows it");
static_assert(offsetof(struct hg_record_thread, frames) == 40, "layout");
static_assert(sizeof(struct hg_record_told) == 16, "layout");
static_assert(sizeof(struct hg_record_named) == 32, "layout");
static_assert(sizeof(struct hg_record_reached) == 16, "layout");
static_assert(sizeof(struct hg_record_site) == 80, "layout");
static_assert(sizeof(struct hg_record_live) == 384, "layout");
static_assert(sizeof(struct hg_record_label) == 16, "layout");
static_assert(sizeof(struct hg_record_finding) == 104, "layout");
static_assert(sizeof(struct hg_record_party) == 64, "layout");

#endif
