/* It is Java's call if the environment is the calling thread's own, and the call returns to no object that was loaded,
 * but to code that the VM has made. */
#include "entry/java_call.h"

#include <stddef.h>

#include "arch/preserving.h"
#include "dynlink/elf_lookup.h"
#include "entry/arguments.h"
#include "java/java_thread.h"
#include "java/java_vm.h"

enum jni_function {
	LENGTH = 171,
	READ_INTS = 203,
	READ_LONGS = 204,
	IS_EXCEPTION_PENDING = 228,
	KIND_OF_REFERENCE = 232
};

static bool was_called_by_java(const struct hg_call *call)
{
	struct hg_definition object;
	if (hg_elf_object((const void *)hg_call_site(call), &object))
		return false;
	void *own = hg_java_environment();
	uint64_t thread = own && hg_argument(call, 0) == (uint64_t)own ? hg_java_thread_here() : 0;
	return thread && hg_java_is_native(thread);
}

struct job {
	const struct hg_call *call;
	hg_java_work *work;
	void *argument;
	bool done;
};

static void do_if_called(void *argument, uint64_t frame)
{
	struct job *job = argument;
	(void)frame;
	if (!was_called_by_java(job->call))
		return;
	hg_jni *jni = (hg_jni *)hg_argument(job->call, 0);
	unsigned char (*is_pending)(hg_jni *);
	*(void **)&is_pending = (*jni)[IS_EXCEPTION_PENDING];
	if (is_pending(jni))
		return;
	job->work(jni, job->call, job->argument);
	job->done = true;
}

bool hg_with_java(const struct hg_call *call, hg_java_work *work, void *argument)
{
	struct job job = {.call = call, .work = work, .argument = argument};
	hg_preserving_here(do_if_called, &job);
	return job.done;
}

/* --- arrays --- */

struct look {
	unsigned argument; /* or HG_JAVA_RESULT */
	uint32_t number;
	bool narrow; /* int[] */
	uint64_t found;
};

/* The native method may have given the reference back, but for that of its result. */
static void *array_of(hg_jni *jni, const struct hg_call *call, const struct look *look)
{
	if (look->argument == HG_JAVA_RESULT)
		return (void *)call->result[0];
	int (*kind)(hg_jni *, void *);
	*(void **)&kind = (*jni)[KIND_OF_REFERENCE];
	void *array = (void *)hg_argument(call, look->argument);
	return array && kind(jni, array) ? array : NULL;
}

static void count(hg_jni *jni, const struct hg_call *call, void *argument)
{
	struct look *look = argument;
	void *array = array_of(jni, call, look);
	int32_t (*length)(hg_jni *, void *);
	*(void **)&length = (*jni)[LENGTH];
	look->found = array ? (uint64_t)length(jni, array) : 0;
}

static void read_one(hg_jni *jni, const struct hg_call *call, void *argument)
{
	struct look *look = argument;
	void *array = array_of(jni, call, look);
	void (*read)(hg_jni *, void *, int32_t, int32_t, void *);
	*(void **)&read = (*jni)[look->narrow ? READ_INTS : READ_LONGS];
	if (array)
		read(jni, array, (int32_t)look->number, 1, &look->found);
}

static uint32_t elements_before(const struct hg_image_place *place)
{
	return place->offset / place->stride;
}

uint32_t hg_java_array_count(const struct hg_call *call, const struct hg_image_place *place)
{
	struct look look = {.argument = place->argument};
	if (!hg_with_java(call, count, &look) || look.found <= elements_before(place))
		return 0;
	uint32_t left = (uint32_t)look.found - elements_before(place);
	return place->count && place->count < left ? place->count : left;
}

bool hg_java_array_read(const struct hg_call *call, const struct hg_image_place *place, uint32_t number,
                        uint64_t *value)
{
	struct look look = {.argument = place->argument,
	                    .number = number + elements_before(place),
	                    .narrow = place->stride == sizeof(int32_t)};
	bool done = hg_with_java(call, read_one, &look);
	*value = look.found;
	return done;
}
