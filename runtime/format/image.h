/* The preload image: the tables that `handleguard manifest build` writes into a preload object's data segment, and that
 * the runtime reads and completes in place. Offsets are bytes from the start of struct hg_image unless said otherwise.
 * Everything marked "runtime" is zero in the file. Any change of layout bumps HG_IMAGE_VERSION.
 *
 * A preload object is an ELF shared object that
 *  - exports each guarded function: a stub `endbr64; lea slot(%rip), %r11; jmp *(%r11)`;
 *  - exports dlsym, dlvsym, the longjmp family, dlopen, dlmopen, dlclose, pthread_create and thrd_create: `endbr64;
 *    lea image(%rip), %r11; jmp *got(%rip)`, the words of the got being relocated to the runtime's hg_dlsym, hg_dlvsym,
 * hg_longjmp, hg__longjmp, hg_siglongjmp, hg___longjmp_chk, hg_dlopen, hg_dlmopen, hg_dlclose, hg_pthread_create and
 *    hg_thrd_create;
 *  - exports free in the same way, to the runtime's hg_free, if one of its classes has HG_CLASS_QUARANTINE, and
 *    __cxa_atexit, to hg_cxa_atexit, if one has HG_CLASS_ENDS_AT_EXIT;
 *  - has one init function: `endbr64; lea image(%rip), %rdi; jmp *got(%rip)` to the runtime's hg_register_image;
 *  - holds the thunk that `next_call` points to: `endbr64; sub $8,%rsp; call *%rcx; add $8,%rsp; ret`, through which
 *    the runtime calls dlsym and dlvsym so that RTLD_NEXT means "after the preload object";
 *    On aarch64 these are `bti c; adrp x16, slot; add x16, x16, :lo12:slot; ldr x17, [x16]; br x17` (a fast trampoline
 *    makes use of x17 being the entry as it was loaded), `bti c; adrp x16, image; add x16, x16, :lo12:image;
 *    adrp x17, got; ldr x17, [x17, :lo12:got]; br x17`, the same with x0 for x16, and `bti c;
 *    stp x29, x30, [sp, #-16]!; mov x29, sp; blr x3; ldp x29, x30, [sp], #16; ret`;
 *  - needs the runtime (DT_NEEDED libhandleguard.so.0, DT_RUNPATH) and carries no symbol versions, so that versioned
 *    references bind to it too. */
#ifndef HG_FORMAT_IMAGE_H
#define HG_FORMAT_IMAGE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define HG_IMAGE_MAGIC    0x4d494748u /* "HGIM" */
#define HG_IMAGE_VERSION  7u          /* no limit: the version */
#define HG_RUNTIME_SONAME "libhandleguard.so.0"

#define HG_NONE UINT32_MAX

/* How a value is compared with what a function returned, or with an out-argument. */
enum hg_test { HG_TEST_ALWAYS, HG_TEST_EQ, HG_TEST_NE, HG_TEST_LT, HG_TEST_LE, HG_TEST_GT, HG_TEST_GE };

/* The type of a result: how many bytes of it count, and whether they are signed. */
enum hg_type {
	HG_TYPE_VOID,
	HG_TYPE_I8,
	HG_TYPE_I16,
	HG_TYPE_I32,
	HG_TYPE_I64,
	HG_TYPE_U8,
	HG_TYPE_U16,
	HG_TYPE_U32,
	HG_TYPE_U64,
	HG_TYPE_POINTER,
	HG_TYPE_FLOAT,
	HG_TYPE_DOUBLE,
	HG_TYPE_STRUCT, /* in registers; a result only: zero is all that can be said of one */
	HG_TYPE_TEXT    /* of a reject only: a pointer to one of the image's texts */
};

struct hg_image_condition {
	uint32_t test; /* enum hg_test */
	uint32_t type; /* enum hg_type of what is compared: the function's result */
	int64_t value;
};

/* Whether a result fulfils the condition; it is of the condition's type already. */
static inline int hg_result_fulfils(const struct hg_image_condition *condition, int64_t result)
{
	switch (condition->test) {
	case HG_TEST_EQ:
		return result == condition->value;
	case HG_TEST_NE:
		return result != condition->value;
	case HG_TEST_LT:
		return result < condition->value;
	case HG_TEST_LE:
		return result <= condition->value;
	case HG_TEST_GT:
		return result > condition->value;
	case HG_TEST_GE:
		return result >= condition->value;
	default:
		return 1;
	}
}

/* What a turned-away call returns. */
struct hg_image_reject {
	uint32_t type;  /* enum hg_type; VOID: nothing */
	int32_t error;  /* errno to set; 0: left alone */
	uint64_t value; /* bits of the result: integers sign-extended, floats and doubles as their bits, a text as its
	                   number */
};

enum hg_class_flag {
	HG_CLASS_CLOSED = 1,       /* every handle comes from a create that the manifest names; others are stray */
	HG_CLASS_EXCLUSIVE = 2,    /* ops of several threads must not overlap: say so */
	HG_CLASS_SERIALISED = 4,   /* the same, and in guard mode run them one after the other */
	HG_CLASS_OWN_THREAD = 8,   /* ops and frees must come from the thread that created the handle */
	HG_CLASS_QUARANTINE = 16,  /* the memory at a handle's address is held back when it is freed */
	HG_CLASS_PARENT = 32,      /* handles of some class are made from its handles */
	HG_CLASS_TORN_DOWN = 64,   /* a function ends all its handles at once */
	HG_CLASS_SHARED = 128,     /* a handle can have several holders (runtime/protocol/claims.h) */
	HG_CLASS_PER_OBJECT = 256, /* with it: a free stands for all claims of the calling object */
	HG_CLASS_SEVERING = 512,   /* with it: a free that cuts other holders off takes place all the same */
	HG_CLASS_JOINED = 1024,    /* with it: a create can return a handle that is live, which adds a claim to it */
	HG_CLASS_OUTLIVING = 2048, /* handles that are live when the process ends are meant to be */
	HG_CLASS_RECENT = 4096,    /* its last frees are kept: some of its calls are turned away for what they name */
	HG_CLASS_STRAY_REFUSED = 8192,  /* with CLOSED: a stray is turned away */
	HG_CLASS_OWN_PROCESS = 1 << 14, /* ops and frees must come from the process that created the handle ... */
	HG_CLASS_OWN_PROCESS_STRICT = 1 << 15, /* ... even if that one has ended */
	HG_CLASS_IN_PLACE = 1 << 20,     /* its handles are memory of the program's: a create fills what it is given */
	HG_CLASS_CONSTANT = 1 << 23,     /* one of its handles stands in no argument: it is the library as a whole */
	HG_CLASS_ENDS_AT_EXIT = 1 << 22, /* a handler at exit that its library registers ends all its handles */
	HG_CLASS_UNSEEN = 1 << 21, /* not every create of it is seen: a value that is over may be a new handle's */
	HG_CLASS_TIED = 1 << 24,   /* its handles are attached to others, or others to them */
	HG_CLASS_OWN_CALLS_PASS =
	    1 << 25,              /* what its library creates, takes and drops by calls of its own is passed over */
	HG_CLASS_CHILD = 1 << 26, /* its handles are made from others */
	/* Guards of these keep more (runtime/protocol/guard.h). */
	HG_CLASS_MORE = HG_CLASS_EXCLUSIVE | HG_CLASS_SERIALISED | HG_CLASS_PARENT | HG_CLASS_TIED | HG_CLASS_CHILD
};

struct hg_image_class {
	uint32_t name;       /* text */
	uint32_t flags;      /* enum hg_class_flag */
	uint32_t type;       /* enum hg_type of a handle: an integer type or POINTER */
	uint32_t drain;      /* enum hg_drain + 1; 0: the run's */
	int64_t deadline_ms; /* -1: the run's */
	uint32_t first_none; /* index of the first of the values that name no handle */
	uint32_t none_count;
	uint64_t runtime;        /* runtime: its own record of the class */
	uint32_t limit;          /* how many handles there can be at once; 0: no limit is known */
	uint32_t after_deadline; /* enum hg_after_deadline + 1; 0: the run's */
	uint32_t wake; /* how an op is woken that is parked on one: its number in `wakes` plus one; 0: it is not */
	uint32_t unused;
};

/* An argument of the function that wakes an op. */
enum hg_wake_value {
	HG_WAKE_HANDLE, /* the handle that the op is parked on */
	HG_WAKE_PARENT, /* the handle of a class that it was made from */
	HG_WAKE_NUMBER
};

struct hg_image_wake_argument {
	uint32_t what;        /* enum hg_wake_value */
	uint32_t class_index; /* of a parent */
	int64_t number;
};

enum { HG_WAKE_ARGUMENTS = 6 }; /* no limit: the manifest's reader allows no more */

/* A function of the image that wakes parked ops. */
struct hg_image_wake {
	uint32_t slot; /* its number */
	uint32_t argument_count;
	struct hg_image_wake_argument arguments[HG_WAKE_ARGUMENTS];
};

/* Whether a use ends the handle, and when. */
enum hg_use_frees {
	HG_USE_OP,         /* not at all */
	HG_USE_FREES,      /* at once: other calls are a race from the moment it is called */
	HG_USE_ENDS_LATER, /* when it returns: the function itself waits for the others and answers them till then */
	HG_USE_ACQUIRES,   /* not at all: adds a claim to a shared handle */
	HG_USE_RELEASES    /* drops a claim of a shared handle, and ends it with the last */
};

/* What the library sees to by itself. */
enum hg_use_way {
	HG_USE_REENTRANT = 1, /* of a free: inside an op of its thread it is the library that waits for that */
	HG_USE_MAY_END = 2,   /* of an op: from now on the handle may end unseen */
	HG_USE_CLOSES = 4,    /* of an op: the last one that is legal, before the free */
	HG_USE_AT_EXIT = 8,   /* of a free of all: it is a handler at exit, which is called whatever is in flight */
	/* Of ties between handles (runtime/protocol/ties.h). */
	HG_USE_ATTACHES = 16, /* of an op: when it returns, the handle is attached to that of the use `partner` */
	HG_USE_GIVES = 32,    /* with it: and is that one's to free */
	HG_USE_DETACHES = 64, /* of an op: the same undone; of a free: it detaches its handle itself */
	HG_USE_SPARES = 128   /* the call does nothing with what is attached to its handle */
};

/* What becomes of a call that is given a value of `none` in the place of a handle. */
enum hg_none {
	HG_NONE_UNSAID, /* as PASSES: the manifest says nothing */
	HG_NONE_PASSES,
	HG_NONE_REFUSED
};

/* Which handles a free ends. */
enum hg_all {
	HG_ALL_ONE,      /* the one in the argument */
	HG_ALL,          /* every handle of the class */
	HG_ALL_OF_PARENT /* every one that was made from the handle in the argument, which an op of the function has
	                    too; of an op that detaches: every one that is attached to it */
};

/* What a free of a handle means for the handles that were made from it. */
enum hg_children {
	HG_CHILDREN_ORPHANED, /* they must be gone before: else it is a finding, and so is each later use of one */
	HG_CHILDREN_ENDED,    /* they end with it */
	HG_CHILDREN_REFUSED,  /* while there are any the library refuses to free, and says so by its result */
	HG_CHILDREN_KEPT,     /* they stay in use, and the library keeps what they need till the last is gone */
	/* This one and those above it: by the child's class, as the parent class's map of that number says. */
	HG_CHILDREN_BY_CLASS
};
enum { HG_CHILDREN_MAPS = 12 }; /* no limit: the builder refuses more. As many as a guard's word can name */

/* What a map of a parent's class says of one class of children. Of those that it does not name: ORPHANED. */
struct hg_image_means {
	uint32_t parent_class, child_class;
	uint8_t map;
	uint8_t children; /* enum hg_children, below BY_CLASS */
	uint8_t unused[2];
};

/* An integer argument that decides whether a use or a make is meant: `argument` is its number plus one, 0 for always.
 */
struct hg_image_choice {
	uint32_t argument;
	int32_t value;
};
/* What the argument is: the handle, the address of the handle, or of a struct or an array that holds it; or there is
 * none, and the handle is always the same, whose value stands where an offset would; or an array of Java's. */
enum hg_indirect { HG_DIRECT, HG_INDIRECT, HG_INDIRECT_STRUCT, HG_CONSTANT, HG_JAVA_ARRAY };
enum { HG_JAVA_RESULT = UINT8_MAX }; /* in place of an argument: the array is what the method returns */

/* A handle that a function is given. `argument` counts integer and pointer arguments from 0 (floating-point arguments
 * travel in other registers and are not counted; a hidden struct-return pointer is counted by the builder, not the
 * manifest, and only where it travels as an argument: not on aarch64). */
struct hg_image_use {
	uint32_t class_index;
	uint8_t argument;
	uint8_t indirect; /* enum hg_indirect */
	uint8_t frees;    /* enum hg_use_frees */
	uint8_t allowed_while_freeing;
	/* Where in memory, if indirect. */
	uint16_t offset; /* of the handle in what holds it, in bytes */
	uint16_t stride; /* of an array: bytes from one element to the next; 0: no array */
	uint8_t count;   /* of an array: the argument, an int, that says how many elements there are; or see `fixed` */
	uint8_t concurrent; /* 1: may overlap with others, whatever the class says */
	uint8_t children;   /* enum hg_children, if it frees */
	uint8_t all;        /* enum hg_all; with OF_PARENT the argument is the parent's */
	uint8_t sinks;      /* 1: of an acquire that takes over a floating first claim, if there is one */
	uint8_t
	    callbacks;   /* 1: of a free or release that may call back into the program: on its caller's thread only */
	uint8_t none;    /* enum hg_none */
	uint8_t fixed;   /* 1: of an array: `count` is how many elements there are */
	uint8_t ways;    /* enum hg_use_way, or-ed */
	uint8_t parks;   /* 1: of an op that may block until it is woken */
	uint8_t partner; /* of one that attaches or detaches: the function's use of the parent, plus one; 0: of any */
	uint8_t place;   /* of one that attaches: the argument, an int, that says where, plus one; 0: nowhere */
	struct hg_image_choice choice;
};

/* Where among the arguments handles are, as in hg_image_use. */
struct hg_image_place {
	uint8_t argument, indirect, count, fixed;
	uint16_t offset, stride;
};

static inline struct hg_image_place hg_place_of_use(const struct hg_image_use *use)
{
	return (struct hg_image_place){.argument = use->argument,
	                               .indirect = use->indirect,
	                               .count = use->count,
	                               .fixed = use->fixed,
	                               .offset = use->offset,
	                               .stride = use->stride};
}

/* A handle that a function hands out. */
struct hg_image_make {
	uint32_t class_index;
	uint8_t from_return;
	uint8_t parent_argument; /* if parent_class is not HG_NONE */
	uint8_t floating;        /* 1: its first claim is nobody's yet */
	uint8_t unused;
	uint32_t parent_class;       /* HG_NONE: no parent */
	struct hg_image_place place; /* if not from_return; direct: the argument itself is the handle */
	uint8_t children;            /* enum hg_children + 1 of whatever frees it; 0: what that says itself */
	uint8_t parent_constant;     /* 1: no argument, but a handle that is always the same */
	uint16_t parent_value;       /* which */
	struct hg_image_choice choice;
	struct hg_image_condition when;
};

/* Where a table of functions is that a function hands out. */
enum hg_table_place {
	HG_TABLE_RESULT,  /* its address is what the function returns */
	HG_TABLE_STORED,  /* its address is stored where an argument points */
	HG_TABLE_ARGUMENT /* its address is an argument: the function fills it in, or is given it */
};

struct hg_image_table {
	uint32_t from;    /* the function: its slot's number */
	uint8_t place;    /* enum hg_table_place */
	uint8_t argument; /* if it is not the result */
	uint8_t unused[2];
	uint32_t first_entry, entry_count;
};

struct hg_image_entry {
	uint32_t number;   /* counted from 0 in pointers */
	uint32_t function; /* its slot's number */
};

/* An out-argument to zero when the call is rejected. A null address is left alone. */
struct hg_image_zero {
	uint8_t argument; /* or HG_ZERO_RESULT */
	uint8_t counted;  /* 1: an array */
	uint8_t count;    /* of an array: the argument, an int, that says how many elements there are */
	uint8_t unused;
	uint32_t bytes; /* of all, or of one element */
};

#define HG_ZERO_RESULT 0xff                 /* where a struct is returned in memory, if that is no argument (aarch64) */
#define HG_ZERO_MOST   (UINT64_C(16) << 20) /* bytes of an array. limit: ZERO_CUT */
/* How calls that arrive at a slot find their real function. */
enum hg_binding {
	HG_BINDING_ONE,       /* there is one for all, as far as is known */
	HG_BINDING_AMBIGUOUS, /* there are several: each caller has one that it means */
	HG_BINDING_OWN        /* a slot that the runtime made for one of several */
};

struct hg_slot {
	/* What the trampoline reads: one cache line. */
	void *entry;            /* relocated to the runtime's hg_trampoline; runtime: the fastest fitting one */
	void *real;             /* runtime: the real function; null until bound */
	uint64_t library_low;   /* runtime: where the defining library lies: calls from there are its own business */
	uint64_t library_size;  /* runtime */
	uint64_t mask;          /* bits of the first handle that count: by the class's width */
	uint64_t class_runtime; /* runtime: class of the first handle */
	uint64_t counter;       /* runtime: byte offset of this symbol's counter in a thread's counters */
	uint32_t stack_bytes;   /* bytes of stack arguments to hand on, multiple of 8 */
	uint32_t symbol;        /* runtime: index in the recording's symbols */
	/* The function's description. */
	uint32_t image; /* bytes from the image's start to this slot */
	uint32_t name;  /* text */
	uint32_t roles; /* enum hg_role, or-ed */
	uint32_t first_use, use_count;
	uint32_t first_make, make_count;
	uint32_t first_zero, zero_count;
	uint16_t returns; /* enum hg_type */
	uint8_t plain;    /* runtime: enum hg_plain (shim/bind/plain_slots.h) */
	uint8_t unused;
	struct hg_image_reject reject;
	struct hg_image_condition freed; /* a free that can fail, or what attaches and detaches, succeeded if this holds
	                                    of its result; ALWAYS: cannot fail */
	uint64_t deferred;               /* what a deferred free returns at once */
	uint8_t missing;                 /* runtime: it has been said that no loaded library defines it */
	uint8_t flags;                   /* enum hg_symbol_flag */
	uint8_t pinned;                  /* runtime: its library is kept loaded for good */
	uint8_t named;    /* runtime: of one of its own: it has been given a symbol, if there was room for one */
	uint32_t throws;  /* text: the Java exception that a call from Java gets which is rejected; 0: none */
	uint64_t stub;    /* runtime: the address by which the program calls it; 0: not known yet */
	uint64_t only;    /* runtime: the one definition that was seen; 0: none */
	uint64_t callers; /* runtime: what is known of whom callers mean, if there are several */
	uint32_t binding; /* runtime: enum hg_binding */
	uint32_t ways;    /* enum hg_use_way of all uses, or-ed */
	uint64_t bound;   /* runtime: the slot that was bound before this one; 0: none, or this one is not bound */
};

struct hg_image {
	uint32_t magic;
	uint16_t version;
	uint16_t machine; /* ELF e_machine */
	uint32_t size;    /* bytes, this header, the tables and the texts */
	uint32_t name;    /* text: the manifest's name */
	uint32_t classes, class_count;
	uint32_t slots, slot_count; /* slots are sorted by name (strcmp) and aligned to 64 bytes in memory */
	uint32_t uses, use_count;
	uint32_t makes, make_count;
	uint32_t zeros, zero_count;
	uint32_t nones, none_count; /* int64_t each */
	uint32_t wakes, wake_count;
	uint32_t libraries, library_count; /* uint32_t each: text of a soname pattern */
	uint32_t means, mean_count;
	uint32_t tables, table_count;
	uint32_t entries, entry_count;
	uint32_t texts, text_size; /* NUL-terminated; text 0 is empty; text offsets count from `texts` */
	uint64_t next_call;        /* relocated: address of the thunk */
	uint64_t hash;             /* of the manifest's text: tells whether two runs had the same */
	uint32_t unguarded;        /* text: the functions that are left out on purpose, separated by spaces */
	/* Of the slots that follow the others: of no function, but what a class's handles end with as a handler at exit
	 * is run. */
	uint32_t exit_count;
	uint32_t hashes; /* uint32_t each, a slot: hg_name_hash of its name */
	uint32_t unused;
	uint64_t runtime[2]; /* runtime */
};

/* Of a function's name, as the objects that define it have it (DT_GNU_HASH). */
static inline uint32_t hg_name_hash(const char *name)
{
	uint32_t hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

/* What a slot's function is given, `use_count` of them. */
static inline const struct hg_image_use *hg_uses_of(const struct hg_slot *slot)
{
	const char *image = (const char *)slot - slot->image;
	return (const struct hg_image_use *)(image + ((const struct hg_image *)image)->uses) + slot->first_use;
}

/* What it makes, `make_count` of them. */
static inline const struct hg_image_make *hg_makes_of(const struct hg_slot *slot)
{
	const char *image = (const char *)slot - slot->image;
	return (const struct hg_image_make *)(image + ((const struct hg_image *)image)->makes) + slot->first_make;
}

/* Whether the function has a use of this way (enum hg_use_way). */
static inline int hg_slot_has_way(const struct hg_slot *slot, unsigned way)
{
	return (slot->ways & way) != 0;
}

/* Whether a use can end its handle. */
static inline int hg_use_ends(const struct hg_image_use *use)
{
	return use->frees != HG_USE_OP && use->frees != HG_USE_ACQUIRES;
}

#define HG_IMAGE_AT(image, offset, type) ((type *)((char *)(image) + (offset)))
#define HG_IMAGE_TEXT(image, text)       ((const char *)(image) + (image)->texts + (text))

static_assert(sizeof(struct hg_image_condition) == 16, "layout");
static_assert(sizeof(struct hg_image_reject) == 16, "layout");
static_assert(sizeof(struct hg_image_class) == 56, "layout");
static_assert(sizeof(struct hg_image_use) == 32, "layout");
static_assert(sizeof(struct hg_image_make) == 48, "layout");
static_assert(sizeof(struct hg_image_zero) == 8, "layout");
static_assert(sizeof(struct hg_image_wake) == 104, "layout");
static_assert(sizeof(struct hg_image_means) == 12, "layout");
static_assert(offsetof(struct hg_slot, counter) == 48, "layout; the trampoline knows it");
static_assert(offsetof(struct hg_slot, image) == 64, "layout");
static_assert(sizeof(struct hg_slot) == 3 * 64, "layout; whole cache lines");
static_assert(sizeof(struct hg_image_table) == 16, "layout");
static_assert(sizeof(struct hg_image_entry) == 8, "layout");
static_assert(sizeof(struct hg_image) == 160, "layout");

#endif
