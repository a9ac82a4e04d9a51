/* The box quarantine: what a real free of a handle gives back to the allocator under the handle's own address is held
 * back, so that no create hands the address out while others may still call with it.
 *
 * `free` may be called at any time: before anything is initialised, by the dynamic linker, by a thread that is about to
 * end. Nothing here allocates, takes a lock of ours or calls free but the allocator's own; errno is kept. */
#include <errno.h>

#include "base/counters.h"
#include "base/options.h"
#include "dynlink/elf_lookup.h"
#include "dynlink/preloads.h"
#include "format/image.h"
#include "format/record.h"
#include "heap/quarantine.h"
#include "protocol/guard.h"
#include "thread/frames.h"
#include "thread/thread.h"

typedef void free_function(void *);
typedef size_t size_function(void *);

void hg_free_checked(void *block);
void hg_find_next_free(const struct hg_image *image);

/* The allocator that comes after the preload object, whose blocks come to our free; null until found. */
free_function *hg_next_free;
static size_function *next_size;

static struct hg_quarantine quarantine;

/* --- the allocator --- */

struct after {
	uintptr_t image; /* lies in the preload object */
	bool passed;
};

/* The objects that the dynamic linker would search after the preload object: they are visited in its order. */
static bool is_after(const struct hg_definition *object, const void *argument)
{
	struct after *after = *(struct after *const *)argument;
	if (after->image >= object->low && after->image < object->high)
		after->passed = true;
	else if (after->passed)
		return !hg_image_within(object->low, object->high);
	return false;
}

static bool is_same(const struct hg_definition *object, const void *other)
{
	return object->low == ((const struct hg_definition *)other)->low;
}

static void lose(void *block)
{
	(void)block;
}

static size_t no_size(void *block)
{
	(void)block;
	return 0;
}

void hg_find_next_free(const struct hg_image *image)
{
	struct after after = {.image = (uintptr_t)image}, *argument = &after;
	struct hg_definition found, size;
	bool any = hg_elf_find("free", is_after, &argument, &found) != 0;
	bool sized = any && hg_elf_find("malloc_usable_size", is_same, &found, &size) != 0;
	__atomic_store_n(&next_size, sized ? (size_function *)size.address : no_size, __ATOMIC_RELEASE);
	/* Last: who sees it sees the other. */
	__atomic_store_n(&hg_next_free, any ? (free_function *)found.address : lose, __ATOMIC_RELEASE);
}

/* --- holding --- */

static size_t size_of(void *block)
{
	return __atomic_load_n(&next_size, __ATOMIC_ACQUIRE)(block);
}

static void release(void *block)
{
	hg_count(HG_COUNTER_QUARANTINE_RELEASED);
	__atomic_load_n(&hg_next_free, __ATOMIC_ACQUIRE)(block);
}

static bool hold(void *block)
{
	struct hg_quarantine_rules rules = {.blocks = hg_options.quarantine_blocks,
	                                    .bytes = hg_options.quarantine_kib * 1024,
	                                    .size = size_of,
	                                    .release = release};
	int saved = errno;
	bool held = hg_quarantine_hold(&quarantine, &rules, block);
	hg_count(held ? HG_COUNTER_QUARANTINE_HELD : HG_COUNTER_QUARANTINE_REFUSED);
	errno = saved;
	return held;
}

/* Whether the frame is that of a real free whose handle is this block. */
static bool frees_box(const struct hg_frame *frame, const void *block)
{
	if (!(frame->guard & HG_FRAME_FREE) || frame->value != (uint64_t)block)
		return false;
	const struct hg_guard *guard = hg_frame_guard(frame->guard);
	return guard && guard->class->flags & HG_CLASS_QUARANTINE;
}

/* The frames tell what this thread is in, however it came there and however it will leave. */
static bool inside_free_of(const struct hg_context *context, const void *block)
{
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(context, frame));)
		if (frees_box(frame, block))
			return true;
	return false;
}

/* A call of free while the allocator is known; interpose_*.S comes here. */
void hg_free_checked(void *block)
{
	const struct hg_context *context = hg_context;
	if (block && context && inside_free_of(context, block) && hg_options.mode != HG_MODE_OBSERVE && hold(block))
		return;
	__atomic_load_n(&hg_next_free, __ATOMIC_ACQUIRE)(block);
}
