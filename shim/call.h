/* One call of a guarded function on its way through the slow path: made by the trampoline, completed by enter_leave.c.
 */
#ifndef HG_CALL_H
#define HG_CALL_H

#include "format/image.h"
#include "runtime.h"

#if defined(__x86_64__)
enum { HG_REGISTER_ARGUMENTS = 6 }; /* no limit: further ones are on the stack */
enum { HG_REGISTER_OTHERS = 4 };    /* no limit: as many as are needed, and the size is a multiple of 16 */
#else
enum { HG_REGISTER_ARGUMENTS = 8 }; /* no limit: further ones are on the stack */
enum { HG_REGISTER_OTHERS = 2 };    /* no limit: as many as are needed */
#endif
enum { HG_CALL_USES = 32 }; /* limit: HANDLES_CUT */

/* Bit of a slot's address, as the stubs for a library's own calls hand it to the trampoline (inside.h). */
#define HG_CALLED_INSIDE UINT64_C(1)

/* What the trampoline does after hg_call_enter. */
enum hg_action {
	HG_CALL,     /* call the real function, then hg_call_leave */
	HG_PASS,     /* jump to the real function: this call is none of our business */
	HG_TURN_AWAY /* return `result` */
};

#define HG_HELD_AS_ANCESTOR ((struct hg_frame *)1)

struct hg_holding {
	struct hg_guard *guard;
	struct hg_frame *frame; /* null: a visit; HG_HELD_AS_ANCESTOR: of one on a descendant */
};

struct hg_call {
	/* The trampoline knows these offsets. */
	uint64_t registers[HG_REGISTER_ARGUMENTS]; /* integer arguments in registers */
	/* What else carries something in. x86-64: al, the number of vector registers of a variadic call, and r10, a
	 * static chain; aarch64: x8, the address where a large result goes, and x18, a static chain. And on x86-64 r15,
	 * which the trampoline's frame does not save: it tells of the caller only (called_word.h). */
	uint64_t others[HG_REGISTER_OTHERS];
	struct hg_slot *slot; /* until hg_call_enter: with HG_CALLED_INSIDE, if it came by that entry */
	uint64_t fp;          /* the trampoline's frame: caller's frame pointer, return address, stack arguments */
	uint64_t result[2];   /* what the real function returned in general registers */
	void *real;
	/* From here on only C code. */
	struct hg_context *context;
	bool internal; /* made by the library itself */
	bool deferred; /* a free that is left to the last op: it has not failed */
	bool runs;     /* a free whose real function is called although another one has ended the handle */
	unsigned held; /* ops entered */
	struct hg_holding holding[HG_CALL_USES];
	struct hg_guard *freeing; /* the real free of which is about to be called */
	struct hg_frame *free_frame;
	uint32_t free_generation;
	uint32_t free_children; /* enum hg_children */
	uint64_t epoch; /* of the process that made the call: a fork in between makes the frames another process's */
	struct hg_guard *ending; /* ends when the real function returns (HG_USE_ENDS_LATER) */
	uint64_t begun;          /* of a create: ticks at its entry */
	uint64_t stored_before;  /* and what stood where it stores the handle, if it does */
};

enum { HG_CALL_SAVED = 8 * (HG_REGISTER_ARGUMENTS + HG_REGISTER_OTHERS) }; /* no limit: a place in the struct */

static_assert(offsetof(struct hg_call, slot) == HG_CALL_SAVED, "the trampoline knows it");
static_assert(offsetof(struct hg_call, fp) == HG_CALL_SAVED + 8, "the trampoline knows it");
static_assert(offsetof(struct hg_call, result) == HG_CALL_SAVED + 16, "the trampoline knows it");
static_assert(offsetof(struct hg_call, real) == HG_CALL_SAVED + 32, "the trampoline knows it");
static_assert(sizeof(struct hg_call) == HG_CALL_SAVED + 624, "the trampoline knows it; multiple of 16");

/* Decides about a call before it is made, and settles it after. Both touch general registers only. */
enum hg_action hg_call_enter(struct hg_call *call);
void hg_call_leave(struct hg_call *call);

/* How many of these bytes above a caller's frame can be read. Touches general registers only. */
uint64_t hg_stack_arguments(uintptr_t from, uint64_t bytes);

/* From the fast path: leaves an op whose frame is not the topmost of this thread, or whose guard is being freed. */
void hg_fast_leave(struct hg_frame *frame, struct hg_guard *guard);

/* The trampoline that every slot starts with, and the fast ones: by the register that holds the handle, whether the
 * handle is narrower than the register, whether there are stack arguments to hand on, and whether ops pay for a full
 * fence. */
extern const char hg_trampoline[], hg_fast_trampolines[], hg_trampolines_end[];
/* [narrow][fence][stack][register], from hg_fast_trampolines */
extern const int32_t hg_fast_table[2][2][2][HG_REGISTER_ARGUMENTS];

/* Lists an image whose slots may be called from now on; more than once does no harm. */
void hg_image_list(struct hg_image *image);

/* Tells the runtime of the slots' classes and symbols, if that has not been done. May call libc. */
void hg_adopt_images(void);

/* Whether a condition holds of a function's result; whether a free that may fail took place. */
bool hg_condition_holds(const struct hg_image_condition *condition, uint64_t result);
bool hg_free_took_place(const struct hg_slot *slot, uint64_t result);

struct hg_object;

/* Whether an image lies in this range of addresses: the object there is a preload object. */
bool hg_image_within(uintptr_t low, uintptr_t high);

/* Whether the object that begins at this address was loaded when the process started. */
bool hg_loaded_at_start(uintptr_t low);

/* Whether the object belongs to the library that the slot's manifest describes: by its name. */
bool hg_image_names(const struct hg_slot *slot, const struct hg_object *object);

/* The slot's image. */
static inline struct hg_image *hg_image_of(const struct hg_slot *slot)
{
	return (struct hg_image *)((char *)slot - slot->image);
}

/* Makes the slot's symbol known, if its class is. */
void hg_image_add_symbol(struct hg_slot *slot);

/* Finds the real function that a call means: the slot that is bound to it, the one called or one of its own. Null:
 * there is none. `frame`: where the caller's stack ended. May call libc. */
struct hg_slot *hg_resolve(struct hg_slot *slot, const void *caller, uintptr_t frame);

/* Gives a slot of its own the symbol that it needs to be guarded: by its first call, because most are never called. */
void hg_name_slot(struct hg_slot *slot);

/* Binds this slot to a function of this library. False if it is bound to another one. */
bool hg_bind_slot(struct hg_slot *slot, void *real, const struct hg_object *library);

/* Whom a caller means, where several can be meant. */
struct hg_caller {
	struct hg_caller *next;
	uint64_t low, size; /* where the caller's object lies */
	struct hg_slot *slot;
	uint32_t changes; /* the count of changes for which this holds */
};

/* Finds what the object defines of the slots' functions: whether there is any. While the objects are held. */
bool hg_defines_any(const struct hg_object *object);

/* How many loads are under way: what was bound before them need not be what their objects mean. */
extern _Atomic uint32_t hg_loading;

/* Counted up with everything that is loaded or unloaded. */
extern _Atomic uint32_t hg_changes;

/* Whether the slot leads to one function, whoever calls. */
static inline bool hg_slot_is_certain(const struct hg_slot *slot)
{
	uint32_t binding = __atomic_load_n(&slot->binding, __ATOMIC_SEQ_CST);
	return (binding == HG_BINDING_ONE && !atomic_load(&hg_loading)) || binding == HG_BINDING_OWN;
}

/* The slot that a call from an address means, if that is known without asking; null: hg_resolve knows. */
static inline struct hg_slot *hg_slot_known(const struct hg_slot *slot, uint64_t from)
{
	if (__atomic_load_n(&slot->binding, __ATOMIC_ACQUIRE) != HG_BINDING_CROWDED || atomic_load(&hg_loading))
		return NULL;
	uint32_t changes = atomic_load_explicit(&hg_changes, memory_order_acquire);
	const struct hg_caller *known = (const struct hg_caller *)__atomic_load_n(&slot->callers, __ATOMIC_ACQUIRE);
	for (; known; known = known->next)
		if (from - known->low < known->size && __atomic_load_n(&known->changes, __ATOMIC_ACQUIRE) == changes)
			return __atomic_load_n(&known->slot, __ATOMIC_ACQUIRE);
	return NULL;
}

/* Points the slot at the fastest trampoline that can serve it. */
void hg_choose_entry(struct hg_slot *slot);

/* Every slot of the preload objects; of these and of the runtime's own those that have their real function. */
void hg_each_slot(void (*visit)(struct hg_slot *slot, void *argument), void *argument);
void hg_each_bound_slot(void (*visit)(struct hg_slot *slot));
void hg_each_copied_slot(void (*visit)(struct hg_slot *slot)); /* copies.c */

/* The first image's slot of this name, or null. */
struct hg_slot *hg_find_slot(const char *name);

/* The function that calls would reach if the preload objects did not have one: the C library's, or what a sanitizer or
 * another preload has put before it. Null: not found. */
void *hg_find_beyond(const char *name);

/* Ends a call whose frame is given up by other means than its return. */
void hg_leave_frame(struct hg_frame *frame);

extern void *hg_real_dlsym, *hg_real_dlvsym;

/* Finds the two above. May call libc. */
void hg_find_real_dlsym(void);

#endif
