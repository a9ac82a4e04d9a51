#include "harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/inline_ops.h"
#include "api/start.h"
#include "protocol/descendants.h"
#include "protocol/family.h"
#include "protocol/life.h"
#include "protocol/tables.h"

static char folder[64];

const char *output_folder(void)
{
	if (!folder[0]) {
		strcpy(folder, "/tmp/hg-runtime-XXXXXX");
		ck_assert_ptr_nonnull(mkdtemp(folder));
	}
	return folder;
}

static void each_recording(void (*visit)(const char *path))
{
	DIR *directory = folder[0] ? opendir(folder) : NULL;
	struct dirent *entry;
	char path[PATH_MAX];
	while (directory && (entry = readdir(directory)))
		if (entry->d_name[0] != '.') {
			snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
			visit(path);
		}
	if (directory)
		closedir(directory);
}

static void remove_one(const char *path)
{
	if (unlink(path) != 0)
		rmdir(path);
}

void remove_output(void)
{
	each_recording(remove_one);
	if (folder[0])
		rmdir(folder);
}

struct hg_context *start(void)
{
	setenv("HANDLEGUARD_OUTPUT", output_folder(), 0);
	setenv("HANDLEGUARD_STACKS", "off", 0);
	struct hg_context *context = hg_context_here();
	ck_assert_ptr_nonnull(context);
	return context;
}

struct hg_context *start_fenced(int way)
{
	struct hg_context *context = start();
	if (way == 0) {
		atomic_store(&hg_fence_kind, HG_FENCE_FULL);
		hg_inline_ops_close();
	} else
		ck_assert_uint_eq(atomic_load(&hg_fence_kind), HG_FENCE_MEMBARRIER);
	return context;
}

const struct hg_class *new_flagged_class(uint64_t deadline_ms, uint32_t flags)
{
	const struct hg_class *class = hg_class_add(&(struct hg_class_description){.name = "thing",
	                                                                           .manifest = "test",
	                                                                           .flags = flags,
	                                                                           .deadline_ms = (int64_t)deadline_ms,
	                                                                           .mask = UINT64_MAX});
	ck_assert_ptr_nonnull(class);
	return class;
}

const struct hg_class *new_class(uint64_t deadline_ms)
{
	return new_flagged_class(deadline_ms, HG_CLASS_CHILD);
}

struct hg_event event_now(void)
{
	return (struct hg_event){.ticks = hg_ticks(), .tid = hg_gettid(), .symbol = UINT32_MAX};
}

struct hg_frame frame_for(const struct hg_guard *guard)
{
	/* Bit 0 of fp: registers by value, so that nobody looks for a trampoline's frame on the stack. */
	/* A variable's address need not be on the stack: a sanitizer may have moved it. */
	uint64_t place = (uint64_t)__builtin_frame_address(0);
	return (struct hg_frame){.fp = place | 1, .value = guard->value, .caller = (uint64_t)frame_for};
}

struct hg_frame *push_free(struct hg_guard *guard)
{
	struct hg_frame frame = frame_for(guard);
	hg_frame_of_free(&frame, guard);
	return hg_frame_push(hg_context_here(), &frame);
}

struct hg_guard *born_of(const struct hg_class *class, uint64_t value, struct hg_guard *parent)
{
	struct hg_guard *guard = hg_table_obtain(class, value);
	struct hg_event event = event_now();
	ck_assert_ptr_nonnull(guard);
	hg_guard_create(guard, hg_context_here(), &event, parent);
	return guard;
}

struct hg_guard *born(const struct hg_class *class, uint64_t value)
{
	return born_of(class, value, NULL);
}

enum hg_entry enter(struct hg_guard *guard, struct hg_frame **in)
{
	struct hg_frame frame = frame_for(guard);
	*in = NULL;
	return hg_guard_enter(guard, hg_context_here(), &frame, 0, in);
}

struct hg_free_result begin_free(struct hg_guard *guard, enum hg_free_how how, uint64_t deadline_ms)
{
	return hg_guard_begin_free(guard, hg_context_here(),
	                           &(struct hg_free_request){.how = how,
	                                                     .deadline_ns = deadline_ms * UINT64_C(1000000),
	                                                     .event = (struct hg_event[]){event_now()}});
}

struct hg_free_result free_with(struct hg_guard *guard, enum hg_children policy)
{
	return hg_guard_begin_free(guard, hg_context_here(),
	                           &(struct hg_free_request){.how = HG_FREE_WAIT,
	                                                     .deadline_ns = UINT64_C(1000000000),
	                                                     .children = policy,
	                                                     .event = (struct hg_event[]){event_now()}});
}

uint32_t generation(const struct hg_guard *guard)
{
	return hg_word_generation(atomic_load(&guard->word));
}

unsigned phase(const struct hg_guard *guard)
{
	return hg_word_phase(atomic_load(&guard->word));
}

bool orphaned(struct hg_guard *guard)
{
	struct hg_parting parting;
	return hg_family_orphaned(guard, &parting);
}

void gate_open(struct gate *gate)
{
	atomic_store(&gate->open, 1);
	hg_futex_wake(&gate->open);
}

void gate_wait(struct gate *gate)
{
	while (!atomic_load(&gate->open))
		hg_futex_wait(&gate->open, 0, UINT64_MAX / 2);
}

pthread_t spawn(void *(*body)(void *), void *argument)
{
	pthread_t thread;
	ck_assert_int_eq(pthread_create(&thread, NULL, body, argument), 0);
	return thread;
}

void *join(pthread_t thread)
{
	void *result;
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	return result;
}

void allow_memory(bool allowed)
{
	struct rlimit limit;
	ck_assert_int_eq(getrlimit(RLIMIT_AS, &limit), 0);
	limit.rlim_cur = allowed ? limit.rlim_max : 0;
	ck_assert_int_eq(setrlimit(RLIMIT_AS, &limit), 0);
}

uint64_t counter(enum hg_counter which)
{
	return atomic_load(&atomic_load(&hg_counters)[which]);
}

static struct {
	void *bytes;
	struct hg_reader reader;
	unsigned files;
} last;

static void read_one(const char *path)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	struct hg_read_error error;
	ck_assert_int_eq(fstat(file, &status), 0);
	free(last.bytes);
	last.bytes = malloc((size_t)status.st_size);
	/* By the system call itself: a sanitizer would note each byte that read() stores. */
	ck_assert_int_eq(hg_syscall(SYS_read, file, (long)last.bytes, status.st_size, 0, 0, 0), status.st_size);
	close(file);
	ck_assert_msg(hg_reader_open(&last.reader, last.bytes, (uint64_t)status.st_size, &error),
	              "the recording cannot be read: problem %d at %llu", error.problem,
	              (unsigned long long)error.offset);
	last.files++;
}

const struct hg_reader *read_back(void)
{
	last.files = 0;
	each_recording(read_one);
	ck_assert_uint_eq(last.files, 1);
	return &last.reader;
}

unsigned findings_of(enum hg_kind kind, const struct hg_record_finding **first)
{
	static const struct hg_record_finding *all[4096];
	uint64_t torn, count = hg_reader_findings(read_back(), all, 4096, &torn);
	unsigned of_kind = 0;
	ck_assert_uint_eq(torn, 0);
	ck_assert_uint_le(count, 4096);
	for (uint64_t i = 0; i < count; i++)
		if (hg_finding_outcome(all[i]).kind == kind && of_kind++ == 0 && first)
			*first = all[i];
	return of_kind;
}

uint64_t findings_counted(enum hg_kind kind)
{
	const struct hg_reader *reader = read_back();
	uint64_t total = 0, limit = hg_reader_limit(reader, HG_EXTENT_SITES);
	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_site *site = hg_reader_site(reader, i);
		total += site && site->kind == kind ? site->count : 0;
	}
	return total;
}

static int run(const char *name, const TTest *const *tests, size_t count, int ways)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	tcase_add_checked_fixture(tcase, NULL, remove_output);
	for (size_t i = 0; i < count; i++)
		tcase_add_loop_test(tcase, tests[i], 0, ways);
	suite_add_tcase(suite, tcase);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}

int run_suite(const char *name, const TTest *const *tests, size_t count)
{
	return run(name, tests, count, 1);
}

int run_fenced_suite(const char *name, const TTest *const *tests, size_t count)
{
	return run(name, tests, count, FENCES);
}

int run_both_suite(const char *name, const TTest *const *tests, size_t count)
{
	return run(name, tests, count, 2);
}
