#include "rewrite/near.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/sys.h"
#include "bind/stub_pool.h"

extern const char hg_stub_pool[HG_POOL_STUBS][HG_POOL_STUB_SIZE];
extern struct hg_slot *hg_pool_slots[HG_POOL_STUBS];

/* Half of how far branches reach: they also lead back. On 64-bit Arm all of it, less what is mapped. */
#if defined(__x86_64__)
enum { FARTHEST = 1 << 30 }; /* no limit: REFERENCES_LEFT counts what is not reached */
#else
enum { FARTHEST = 1 << 27 }; /* no limit: the same */
#endif

/* The stubs find their slots at a distance that is always the same. */
struct layout {
	uint64_t code_low, code_high; /* pages of the stubs, where the runtime lies */
	uint64_t data_low, data_high; /* of the slots, and as many words behind them */
	uint64_t offset;              /* of the stubs' pages in its file */
};

static uint64_t page_below(uint64_t at)
{
	return at & -(uint64_t)sysconf(_SC_PAGESIZE);
}

static uint64_t page_above(uint64_t at)
{
	return page_below(at + (uint64_t)sysconf(_SC_PAGESIZE) - 1);
}

static bool find_layout(const struct hg_object *runtime, struct layout *layout)
{
	layout->code_low = page_below((uint64_t)hg_stub_pool);
	layout->code_high = page_above((uint64_t)hg_stub_pool + sizeof hg_stub_pool);
	layout->data_low = page_below((uint64_t)hg_pool_slots);
	layout->data_high = page_above((uint64_t)hg_pool_slots + 2 * sizeof hg_pool_slots);
	const ElfW(Phdr) *segment = hg_object_segment(runtime, (uint64_t)hg_stub_pool);
	if (!segment)
		return false;
	layout->offset = layout->code_low - (runtime->base + segment->p_vaddr) + segment->p_offset;
	return true;
}

static bool map_at(uint64_t at, uint64_t size, int protection, int flags, int file, uint64_t offset)
{
	return hg_syscall(SYS_mmap, (long)at, (long)size, protection, flags | MAP_PRIVATE, file, (long)offset) ==
	       (long)at;
}

static bool is_near(const struct hg_object *object, uint64_t at, uint64_t size)
{
	uint64_t low = at < object->code_low ? at : object->code_low;
	uint64_t high = at + size > object->code_high ? at + size : object->code_high;
	return high - low < FARTHEST;
}

static bool reserve_at(uint64_t at, uint64_t size)
{
	int flags = MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE;
	long got = hg_syscall(SYS_mmap, (long)at, (long)size, PROT_NONE, flags | MAP_PRIVATE, -1, 0);
	/* Kernels before 4.17 take the address for a wish. */
	if (got > 0 && got != (long)at)
		hg_syscall(SYS_munmap, got, (long)size, 0, 0, 0, 0);
	return got == (long)at;
}

static uint64_t reserve_by_steps(const struct hg_object *object, uint64_t size, int64_t step)
{
	enum { LOWEST = 1 << 16 }; /* no limit: below, nothing can be mapped */
	uint64_t at = step < 0 ? page_below(object->low) - size : page_above(object->high);
	while (at >= LOWEST && is_near(object, at, size) && !reserve_at(at, size))
		at += (uint64_t)step;
	return at >= LOWEST && is_near(object, at, size) ? at : 0;
}

/* A stretch of free addresses, below the object if there is one: what is mapped later comes there as a rule, and is
 * what can be near. A virtual machine leaves no more than gaps around its libraries. Above the program its heap grows.
 * 0: none is near enough. */
static uint64_t reserve(const struct hg_object *object, uint64_t size, bool is_program)
{
	enum { FAR = 1 << 20, NEAR = 1 << 16 }; /* no limit: how far apart places are that are tried */
	static const int64_t steps[] = {-FAR, FAR, -NEAR, NEAR, 0};
	uint64_t at = 0;
	for (unsigned i = 0; steps[i] && !at; i++)
		if (steps[i] < 0 || !is_program)
			at = reserve_by_steps(object, size, steps[i]);
	return at;
}

/* The detours' pages are the stubs' once more: what matters is that they are of a file. */
static bool map_all(const struct hg_object *runtime, const struct layout *layout, uint64_t detours, uint64_t at)
{
	const char *path = runtime->path[0] ? runtime->path : "/proc/self/exe";
	uint64_t data = at + (layout->data_low - layout->code_low);
	long file = hg_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
	if (file < 0)
		return false;
	bool mapped = (detours == at ||
	               map_at(detours, at - detours, PROT_READ | PROT_EXEC, MAP_FIXED, (int)file, layout->offset)) &&
	              map_at(at, layout->code_high - layout->code_low, PROT_READ | PROT_EXEC, MAP_FIXED, (int)file,
	                     layout->offset) &&
	              map_at(data, layout->data_high - layout->data_low, PROT_READ | PROT_WRITE,
	                     MAP_FIXED | MAP_ANONYMOUS, -1, 0);
	hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
	return mapped;
}

/* The file can have been replaced since: then something else stands there. */
static bool is_the_pool(const struct hg_near *near)
{
	const char *copy = (const char *)near->stubs, *own = (const char *)hg_stub_pool;
	size_t i = 0;
	while (i < sizeof hg_stub_pool && copy[i] == own[i])
		i++;
	return i == sizeof hg_stub_pool;
}

bool hg_near_map(const struct hg_objects *objects, const struct hg_object *object, struct hg_near *near)
{
	unsigned number = hg_objects_at(objects, hg_stub_pool);
	struct layout layout;
	if (number == HG_OBJECTS_MOST || !find_layout(&objects->list[number], &layout))
		return false;
	uint64_t bytes = page_above(HG_DETOURS * HG_DETOUR_SIZE), size = bytes + layout.data_high - layout.code_low;
	uint64_t at = reserve(object, size, object == objects->list), moved = at + bytes - layout.code_low;
	if (!at)
		return false;
	near->detours = at;
	near->detour_count = 0;
	near->stubs = (uint64_t)hg_stub_pool + moved;
	near->slots = (struct hg_slot **)((uint64_t)hg_pool_slots + moved);
	near->words = (uint64_t *)((uint64_t)hg_pool_slots + sizeof hg_pool_slots + moved);
	near->count = 0;
	if (map_all(&objects->list[number], &layout, at, at + bytes) && is_the_pool(near))
		return true;
	hg_syscall(SYS_munmap, (long)at, (long)size, 0, 0, 0, 0);
	return false;
}

int hg_near_stub(struct hg_near *near, struct hg_slot *slot)
{
	unsigned i = 0;
	while (i < near->count && near->slots[i] != slot)
		i++;
	if (i == HG_POOL_STUBS)
		return HG_NEAR_NONE;
	if (i == near->count) {
		near->slots[i] = slot;
		near->words[i] = near->stubs + i * HG_POOL_STUB_SIZE;
		near->count++;
	}
	return (int)i;
}
