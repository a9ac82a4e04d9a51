#include "record/recording.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/counters.h"
#include "base/options.h"
#include "base/sys.h"
#include "process/fence.h"
#include "process/process.h"
#include "process/status.h"
#include "record/record_file.h"

/* The largest page that the machine's systems have: extents are mapped one by one. */
#if defined(__aarch64__)
enum { PAGE = 65536 }; /* no limit: a page */
#else
enum { PAGE = 4096 }; /* no limit: a page */
#endif
enum {
	MODULES = 1024,        /* limit: MODULES_FULL */
	SITES_FEWEST = 1024,   /* limit: SITES_FULL */
	SITES_MOST = 1 << 17,  /* limit: SITES_FULL */
	RING_A_SITE = 512,     /* no limit: bytes of the ring; hardly a finding takes less of it */
	TOLD = 1 << 15,        /* limit: TOLD_FULL */
	LABELS = 1 << 14,      /* limit: LABELS_FULL */
	MANIFESTS = 64,        /* limit: NAMES_FULL */
	TEXT_BYTES = 1 << 20,  /* limit: NAMES_FULL */
	FIRST_THREADS = 16,    /* no limit: there will be more */
	MOST_THREADS = 1 << 15 /* no limit: there are no more contexts either */
};

struct hg_record_header *hg_recording;

static void *mapped[HG_RECORD_EXTENTS];            /* where each extent lies in this process */
static _Atomic uint64_t backed[HG_RECORD_EXTENTS]; /* how many of its bytes have blocks on the disk, from its start */
static uint64_t system_page;                       /* blocks are asked for by this machine's pages */

/* --- extents --- */

static uint64_t pages(uint64_t size)
{
	return (size + PAGE - 1) & ~(uint64_t)(PAGE - 1);
}

static uint64_t system_pages(uint64_t size)
{
	return (size + system_page - 1) & ~(system_page - 1);
}

static unsigned add_extent(struct hg_record_header *header, enum hg_extent_type type, uint32_t stride, uint64_t records)
{
	unsigned index = header->extent_count;
	struct hg_record_extent *extent = &header->extents[index];
	extent->type = type;
	extent->stride = stride;
	extent->offset = header->file_size;
	extent->size = stride * records;
	header->file_size += pages(extent->size);
	header->extent_count = index + 1;
	return index;
}

static struct hg_record_extent *find_extent(enum hg_extent_type type, void **at)
{
	unsigned count = hg_recording ? __atomic_load_n(&hg_recording->extent_count, __ATOMIC_ACQUIRE) : 0;
	for (unsigned i = 0; i < count; i++)
		if (hg_recording->extents[i].type == type) {
			*at = mapped[i];
			return &hg_recording->extents[i];
		}
	return NULL;
}

/* Sees to it that an extent can be written up to its byte `end`. Two threads that do so at once do the same. */
static bool back(unsigned index, uint64_t room, uint64_t end)
{
	uint64_t known = atomic_load_explicit(&backed[index], memory_order_acquire);
	if (end <= known)
		return true;
	uint64_t wanted = system_pages(end);
	wanted = wanted < room ? wanted : room;
	if (!hg_record_file_back((char *)mapped[index] + known, wanted - known)) {
		hg_count(HG_COUNTER_RECORDING_REFUSED);
		return false;
	}
	while (known < wanted && !atomic_compare_exchange_weak(&backed[index], &known, wanted))
		;
	return true;
}

static bool back_extent(const struct hg_record_extent *extent, uint64_t end)
{
	return back((unsigned)(extent - hg_recording->extents), extent->size, end);
}

bool hg_recording_back(enum hg_extent_type type, uint64_t end)
{
	void *at;
	const struct hg_record_extent *extent = find_extent(type, &at);
	return extent && back_extent(extent, end);
}

void *hg_recording_table(enum hg_extent_type type, unsigned *count)
{
	void *at = NULL;
	struct hg_record_extent *extent = find_extent(type, &at);
	*count = extent ? (unsigned)(extent->size / extent->stride) : 0;
	return at;
}

/* Takes `amount` of an extent's room; UINT64_MAX if there is not so much. */
static uint64_t reserve(struct hg_record_extent *extent, uint64_t amount, uint64_t room)
{
	uint64_t used = __atomic_load_n(&extent->used, __ATOMIC_RELAXED);
	do
		if (used + amount > room || !back_extent(extent, (used + amount) * extent->stride))
			return UINT64_MAX;
	while (!__atomic_compare_exchange_n(&extent->used, &used, used + amount, true, __ATOMIC_RELAXED,
	                                    __ATOMIC_RELAXED));
	return used;
}

void *hg_recording_append(enum hg_extent_type type)
{
	void *at = NULL;
	struct hg_record_extent *extent = find_extent(type, &at);
	uint64_t index = extent ? reserve(extent, 1, extent->size / extent->stride) : UINT64_MAX;
	return index == UINT64_MAX ? NULL : (char *)at + index * extent->stride;
}

uint32_t hg_recording_text(const char *text)
{
	void *at = NULL;
	struct hg_record_extent *extent = find_extent(HG_EXTENT_STRINGS, &at);
	size_t size = strlen(text) + 1;
	uint64_t offset = extent && size > 1 ? reserve(extent, size, extent->size) : UINT64_MAX;
	if (offset == UINT64_MAX) {
		if (size > 1)
			hg_count(HG_COUNTER_NAMES_FULL);
		return 0;
	}
	memcpy((char *)at + offset, text, size);
	return (uint32_t)offset;
}

/* --- threads --- */

static struct {
	unsigned first, count, extent;
	bool recorded;
	char *at;
} thread_extents[HG_RECORD_EXTENTS];
static _Atomic unsigned thread_extent_count;
static _Atomic uint32_t growing;  /* the thread that makes room for others; 0: none */
static _Atomic uint32_t given_up; /* the one of these that is not waited for any more */
static uint32_t thread_stride;
static unsigned counter_count;

static struct hg_record_thread *thread_at(unsigned index, bool *recorded)
{
	unsigned count = atomic_load_explicit(&thread_extent_count, memory_order_acquire);
	for (unsigned i = 0; i < count; i++)
		if (index - thread_extents[i].first < thread_extents[i].count) {
			*recorded = thread_extents[i].recorded;
			return (void *)(thread_extents[i].at +
			                (uint64_t)(index - thread_extents[i].first) * thread_stride);
		}
	return NULL;
}

static void note_threads(unsigned first, unsigned count, void *at, bool recorded)
{
	unsigned index = atomic_load(&thread_extent_count);
	thread_extents[index].first = first;
	thread_extents[index].count = count;
	thread_extents[index].at = at;
	thread_extents[index].recorded = recorded;
	atomic_store_explicit(&thread_extent_count, index + 1, memory_order_release);
}

/* Of the room that the file begins with, only the first thread's is ready from the start. */
static bool ready_first_extent(unsigned known)
{
	void *at;
	const struct hg_record_extent *extent = find_extent(HG_EXTENT_THREADS, &at);
	unsigned count = (unsigned)(extent->size / thread_stride);
	if (known >= count)
		return false;
	bool recorded = back_extent(extent, extent->size);
	if (recorded)
		at = (char *)at + (uint64_t)known * thread_stride;
	else
		at = hg_map_memory((uint64_t)(count - known) * thread_stride);
	if (at)
		note_threads(known, count - known, at, recorded);
	return at;
}

/* Doubles the room for threads, but for no more than so many at once. The caller's id is in `growing`. */
static bool grow_threads(void)
{
	enum { MOST_AT_ONCE = 2048 }; /* no limit: it grows again */
	unsigned known = atomic_load(&thread_extent_count);
	unsigned first = thread_extents[known - 1].first + thread_extents[known - 1].count;
	if (ready_first_extent(first))
		return true;
	if (known == HG_RECORD_EXTENTS || first >= MOST_THREADS)
		return false;
	uint64_t size = pages((uint64_t)thread_stride * (first < MOST_AT_ONCE ? first : MOST_AT_ONCE));
	uint64_t from = hg_recording->file_size;
	unsigned count = (unsigned)(size / thread_stride);
	void *at = hg_recording->extent_count < HG_RECORD_EXTENTS ? hg_record_file_grow(from, size) : NULL;
	if (!at) {
		at = hg_map_memory(size);
		if (at)
			note_threads(first, count, at, false);
		return at;
	}
	unsigned extent = hg_recording->extent_count;
	hg_recording->extents[extent] =
	    (struct hg_record_extent){.type = HG_EXTENT_THREADS, .stride = thread_stride, .offset = from, .size = size};
	mapped[extent] = at;
	atomic_store(&backed[extent], size);
	hg_recording->file_size = from + size;
	__atomic_store_n(&hg_recording->extent_count, extent + 1, __ATOMIC_RELEASE);
	note_threads(first, count, at, true);
	return true;
}

/* Another thread makes room: a few system calls, none of which waits for us. If it does not come to an end, that one is
 * waited for once: not by each call again. If it is gone, somebody else takes its place. */
static bool wait_for_grower(uint32_t grower)
{
	enum { LIMIT_MS = 1000 }; /* limit: START_UNFINISHED */
	uint64_t limit = 0;
	while (atomic_load(&growing) == grower) {
		uint64_t now = hg_monotonic_ns();
		limit = limit ? limit : now + LIMIT_MS * UINT64_C(1000000);
		if (now >= limit || atomic_load(&given_up) == grower) {
			atomic_store(&given_up, grower);
			hg_count(HG_COUNTER_START_UNFINISHED);
			return false;
		}
		if (!hg_thread_exists(grower))
			atomic_compare_exchange_strong(&growing, &(uint32_t){grower}, 0);
		hg_syscall(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
	}
	return true;
}

static bool begin_growing(uint32_t *grower)
{
	*grower = 0;
	return atomic_compare_exchange_strong(&growing, grower, hg_gettid());
}

static void end_growing(void)
{
	atomic_store(&given_up, 0);
	atomic_store(&growing, 0);
}

/* Of many threads that start at once none is to wait for room: one makes it when three quarters are taken. For few it
 * would be room that nobody needs. */
static void grow_ahead(unsigned index)
{
	enum { MANY = 256 }; /* no limit: fewer wait for room when they need it */
	unsigned known = atomic_load(&thread_extent_count);
	unsigned room = known ? thread_extents[known - 1].first + thread_extents[known - 1].count : 0;
	uint32_t grower;
	bool recorded;
	if (room < MANY || index != room - room / 4 || !begin_growing(&grower))
		return;
	if (!thread_at(room, &recorded))
		grow_threads();
	end_growing();
}

struct hg_record_thread *hg_recording_thread(unsigned index, bool *recorded)
{
	struct hg_record_thread *thread;
	while (!(thread = thread_at(index, recorded))) {
		uint32_t grower;
		if (!begin_growing(&grower)) {
			/* In a signal handler that has interrupted just this: it cannot be waited for. */
			if (grower == hg_gettid() || !wait_for_grower(grower))
				return NULL;
			continue;
		}
		bool grown = thread_at(index, recorded) || grow_threads();
		end_growing();
		if (!grown)
			return NULL;
	}
	grow_ahead(index);
	return thread;
}

unsigned hg_recording_counters(void)
{
	return counter_count;
}

/* --- creation --- */

/* Nothing of /proc can be written to, and nothing there makes who reads it wait. -1: it cannot be read. System calls
 * made directly: a cancellation must not strike here. */
static long read_file(const char *path, char *buffer, size_t size)
{
	long file = hg_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
	if (file < 0)
		return -1;
	long length = hg_syscall(SYS_read, file, (long)buffer, (long)size, 0, 0, 0);
	hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
	return length;
}

static void read_command(struct hg_record_header *header)
{
	char command[sizeof header->command + 1];
	long size = read_file("/proc/self/cmdline", command, sizeof command);
	if (size <= 0)
		return;
	header->command_cut = (size_t)size > sizeof header->command;
	header->command_length = header->command_cut ? sizeof header->command : (uint32_t)size;
	memcpy(header->command, command, header->command_length);
	header->command[header->command_length - 1] = '\0';
}

static void name_executable(struct hg_record_header *header)
{
	const char *name = hg_executable[0] ? hg_executable : "?";
	size_t length = strlen(name), most = sizeof header->executable - 1;
	if (length > most)
		hg_count(HG_COUNTER_NAMES_FULL);
	memcpy(header->executable, name, length < most ? length : most);
}

static void describe(struct hg_record_header *header, const struct hg_options *options)
{
	header->version = HG_RECORD_VERSION;
	header->byte_order = HG_RECORD_BYTE_ORDER;
	header->word_size = sizeof(void *);
	header->header_size = sizeof *header;
	header->pid = hg_process_pid();
	header->parent_pid = (uint32_t)hg_syscall(SYS_getppid, 0, 0, 0, 0, 0, 0);
	struct hg_process_status status;
	header->process_start = hg_process_read_status(hg_process_pid(), &status) ? status.started : 0;
	header->mode = options->mode;
	header->drain = options->drain;
	header->stacks = options->stacks == 0;
	header->on_full = options->on_full;
	header->deadline_ns = options->deadline_ms * UINT64_C(1000000);
	header->repeat_limit = options->repeat_limit;
	read_command(header);
}

static uint64_t power_of_two(uint64_t least)
{
	uint64_t power = 1;
	while (power < least)
		power *= 2;
	return power;
}

/* What no recording can do without: how many bytes of which extent, at least. */
struct needs {
	uint64_t of[HG_RECORD_EXTENTS];
};

/* As many as a ring of so many bytes has findings of, each of another site. */
static uint64_t sites_for(uint64_t ring)
{
	uint64_t sites = ring / RING_A_SITE;
	return sites < SITES_FEWEST ? SITES_FEWEST : sites < SITES_MOST ? sites : SITES_MOST;
}

static struct needs lay_out(struct hg_record_header *header, const struct hg_options *options,
                            const struct hg_recording_room *room)
{
	unsigned symbols = room->symbols, classes = room->classes;
	struct needs needs = {0};
	counter_count = symbols + classes * (unsigned)HG_CLASS_COUNTERS;
	thread_stride = ((uint32_t)sizeof(struct hg_record_thread) + 8 * counter_count + 63) & ~63u;
	header->file_size = PAGE;
	header->class_counters = symbols;
	/* What is needed of each lies together, as far as it may. */
	needs.of[add_extent(header, HG_EXTENT_CLASSES, sizeof(struct hg_record_class), classes)] =
	    room->sure_classes * sizeof(struct hg_record_class);
	needs.of[add_extent(header, HG_EXTENT_TOTALS, 8, counter_count)] = 8 * (uint64_t)counter_count;
	needs.of[add_extent(header, HG_EXTENT_MANIFESTS, sizeof(struct hg_record_manifest), MANIFESTS)] = 1;
	needs.of[add_extent(header, HG_EXTENT_SYMBOLS, sizeof(struct hg_record_symbol), symbols)] =
	    room->sure_symbols * sizeof(struct hg_record_symbol);
	needs.of[add_extent(header, HG_EXTENT_MODULES, sizeof(struct hg_record_module), MODULES)] = 1;
	unsigned strings = add_extent(header, HG_EXTENT_STRINGS, 1, TEXT_BYTES);
	header->extents[strings].used = needs.of[strings] = 1;
	add_extent(header, HG_EXTENT_LABELS, sizeof(struct hg_record_label), LABELS);
	add_extent(header, HG_EXTENT_TOLD, sizeof(struct hg_record_told), TOLD);
	add_extent(header, HG_EXTENT_SITES, sizeof(struct hg_record_site), sites_for(options->ring_kib << 10));
	add_extent(header, HG_EXTENT_FINDINGS, 1, power_of_two(options->ring_kib << 10));
	if (room->live)
		needs.of[add_extent(header, HG_EXTENT_LIVE, sizeof(struct hg_record_live), room->live)] =
		    (uint64_t)room->live * sizeof(struct hg_record_live);
	needs.of[add_extent(header, HG_EXTENT_THREADS, thread_stride, FIRST_THREADS)] = thread_stride;
	return needs;
}

struct parent {
	struct hg_record_header *header;
	void *mapped[HG_RECORD_EXTENTS];
};

/* A child's symbols, classes and modules are its parent's. */
static void inherit(const struct parent *parent)
{
	for (unsigned i = 0; i < hg_recording->extent_count && i < parent->header->extent_count && parent->mapped[i];
	     i++) {
		const struct hg_record_extent *from = &parent->header->extents[i];
		struct hg_record_extent *to = &hg_recording->extents[i];
		if (from->type != to->type || from->size != to->size || from->type == HG_EXTENT_THREADS ||
		    from->type == HG_EXTENT_TOTALS || from->type == HG_EXTENT_SITES ||
		    from->type == HG_EXTENT_FINDINGS || from->type == HG_EXTENT_LIVE)
			continue;
		if (!back_extent(to, from->used * from->stride))
			continue;
		memcpy(mapped[i], parent->mapped[i], from->used * from->stride);
		to->used = from->used;
	}
}

/* Plain memory in the place of the parent's file: what is left of the parent's calls on this thread's stack may still
 * store into its frames. */
static void cut_off(const struct parent *parent)
{
	struct hg_record_header header = *parent->header;
	int protection = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
	mmap(parent->header, PAGE, protection, flags, -1, 0);
	/* The parent may have grown its file since: what it mapped then is not mapped here. */
	for (unsigned i = 0; i < header.extent_count; i++)
		if (parent->mapped[i])
			mmap(parent->mapped[i], header.extents[i].size, protection, flags, -1, 0);
}

static void adopt_child(const struct parent *parent)
{
	hg_count(HG_COUNTER_FORKS);
	inherit(parent);
	cut_off(parent);
}

/* The extents of a mapping that begins at `at`; `needs` null: with all their bytes. */
static void place_extents(const struct hg_record_header *header, char *at, const struct needs *needs)
{
	for (unsigned i = 0; i < header->extent_count; i++) {
		uint64_t size = header->extents[i].size, ready = needs ? system_pages(needs->of[i]) : size;
		mapped[i] = at + header->extents[i].offset;
		atomic_store(&backed[i], ready < size ? ready : size);
	}
}

/* What lies side by side is one. */
static unsigned list_parts(const struct hg_record_header *header, const struct needs *needs,
                           struct hg_record_part parts[HG_RECORD_EXTENTS + 1])
{
	unsigned last = 0;
	parts[0] = (struct hg_record_part){0, system_pages(sizeof *header)};
	for (unsigned i = 0; i < header->extent_count; i++) {
		uint64_t from = header->extents[i].offset, to = from + system_pages(needs->of[i]);
		if (from == to)
			continue;
		if (from == parts[last].to)
			parts[last].to = to;
		else
			parts[++last] = (struct hg_record_part){from, to};
	}
	return last + 1;
}

static void *map_recording(const struct hg_options *options, const struct hg_record_header *header,
                           const struct needs *needs)
{
	struct hg_record_part parts[HG_RECORD_EXTENTS + 1];
	system_page = getauxval(AT_PAGESZ);
	unsigned count = list_parts(header, needs, parts);
	char *at = hg_record_file_create(options->output, header->executable, header->file_size, parts, count);
	bool kept = at;
	if (!kept)
		at = hg_map_memory(header->file_size);
	if (at)
		place_extents(header, at, kept ? needs : NULL);
	return at;
}

static void note_first_thread(void)
{
	void *at = NULL;
	find_extent(HG_EXTENT_THREADS, &at);
	atomic_store(&thread_extent_count, 0);
	atomic_store(&growing, 0);
	atomic_store(&given_up, 0);
	note_threads(0, 1, at, true);
}

bool hg_recording_create(const struct hg_options *options, const struct hg_recording_room *room)
{
	struct hg_record_header plan;
	struct parent parent = {.header = hg_recording};
	memcpy(parent.mapped, mapped, sizeof mapped);
	memset(&plan, 0, sizeof plan);
	name_executable(&plan);
	describe(&plan, options);
	struct needs needs = lay_out(&plan, options, room);
	struct hg_record_header *header = map_recording(options, &plan, &needs);
	if (!header)
		return false;
	*header = plan;
	hg_recording = header;
	hg_counters_keep((_Atomic uint64_t *)header->counters);
	note_first_thread();
	if (parent.header)
		adopt_child(&parent);
	header->start_ticks = hg_ticks();
	header->start_monotonic_ns = hg_monotonic_ns();
	struct timespec now;
	hg_syscall(SYS_clock_gettime, CLOCK_REALTIME, (long)&now, 0, 0, 0, 0);
	header->start_realtime_ns = (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
	hg_recording_clock();
	/* Last: a file without it is not a recording yet. */
	memcpy(header->magic, HG_RECORD_MAGIC, sizeof header->magic);
	return true;
}

void hg_recording_clock(void)
{
	uint64_t ticks = hg_ticks(), now = hg_monotonic_ns();
	/* Close together: threads that do this at once could leave the one's ticks with the other's time. */
	__atomic_store_n(&hg_recording->latest_ticks, ticks, __ATOMIC_RELAXED);
	__atomic_store_n(&hg_recording->latest_monotonic_ns, now, __ATOMIC_RELAXED);
	__atomic_store_n(&hg_recording->fence, atomic_load(&hg_fence_kind), __ATOMIC_RELAXED);
}
