#include "record/launch_list.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include "base/options.h"
#include "base/sys.h"
#include "format/keeper.h"
#include "process/process.h"
#include "record/keeper_client.h"

static struct hg_launches *launches;

/* In the folder of a run, even if it is out of reach for who this process has become. */
static long open_list(void)
{
	char path[PATH_MAX + sizeof HG_LAUNCHES_FILE + 1];
	size_t length = strlen(hg_options.output);
	memcpy(path, hg_options.output, length);
	memcpy(path + length, "/" HG_LAUNCHES_FILE, sizeof "/" HG_LAUNCHES_FILE);
	long file = hg_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0, 0, 0);
	bool beyond = file == -EACCES || (file == -ENOENT && hg_options.output[0] == '/');
	return beyond ? hg_keeper_ask(hg_options.output, HG_KEEPER_OPEN, HG_LAUNCHES_FILE) : file;
}

/* A smaller file would be the end of this process at a store. */
static struct hg_launches *map_list(long file)
{
	struct stat status;
	if (hg_syscall(SYS_newfstatat, file, (long)"", (long)&status, AT_EMPTY_PATH, 0, 0) != 0 ||
	    !S_ISREG(status.st_mode) || status.st_size != sizeof(struct hg_launches))
		return NULL;
	long at = hg_syscall(SYS_mmap, 0, sizeof(struct hg_launches), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	struct hg_launches *list = at < 0 && at > -4096 ? NULL : (struct hg_launches *)at;
	return list && list->magic == HG_LAUNCHES_MAGIC && list->version == HG_LAUNCHES_VERSION ? list : NULL;
}

void hg_launches_start(void)
{
	if (launches || getauxval(AT_SECURE))
		return;
	long file = open_list();
	if (file < 0)
		return;
	launches = map_list(file);
	hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
	if (!launches)
		return;
	atomic_fetch_add_explicit(&launches->processes, 1, memory_order_relaxed);
	if (launches->program == hg_getpid())
		atomic_store_explicit(&launches->seen, 1, memory_order_relaxed);
}

bool hg_launches_kept(void)
{
	return launches;
}

void hg_launches_recorded(bool made)
{
	if (launches)
		atomic_fetch_add_explicit(made ? &launches->recorded : &launches->refused, 1, memory_order_relaxed);
}

static void copy_end(char *to, size_t room, const char *text)
{
	size_t length = strlen(text), skipped = length < room ? 0 : length - room + 1;
	memcpy(to, text + skipped, length - skipped + 1);
}

static bool is_same(const struct hg_launch *launch, enum hg_unguarded reason, const char *program)
{
	char end[sizeof launch->program];
	copy_end(end, sizeof end, program);
	return atomic_load_explicit(&launch->state, memory_order_acquire) == HG_LAUNCH_WRITTEN &&
	       launch->reason == reason && strcmp(launch->program, end) == 0;
}

static void write_launch(struct hg_launch *launch, enum hg_unguarded reason, const char *program)
{
	launch->reason = reason;
	atomic_store_explicit(&launch->times, 1, memory_order_relaxed);
	copy_end(launch->program, sizeof launch->program, program);
	copy_end(launch->starter, sizeof launch->starter, hg_executable);
	atomic_store_explicit(&launch->state, HG_LAUNCH_WRITTEN, memory_order_release);
}

struct hg_launch *hg_launch_note(enum hg_unguarded reason, const char *program)
{
	for (int i = 0; launches && i < HG_LAUNCHES; i++) {
		struct hg_launch *launch = &launches->list[i];
		uint32_t none = HG_LAUNCH_FREE;
		if (is_same(launch, reason, program)) {
			atomic_fetch_add_explicit(&launch->times, 1, memory_order_relaxed);
			return launch;
		}
		if (atomic_compare_exchange_strong_explicit(&launch->state, &none, HG_LAUNCH_WRITING,
		                                            memory_order_acquire, memory_order_relaxed)) {
			write_launch(launch, reason, program);
			return launch;
		}
	}
	if (launches)
		atomic_fetch_add_explicit(&launches->cut, 1, memory_order_relaxed);
	return NULL;
}

void hg_launch_failed(struct hg_launch *launch)
{
	if (launch)
		atomic_fetch_sub_explicit(&launch->times, 1, memory_order_relaxed);
}
