/* Threads that a guarded library starts for itself. Where a start routine is, or ends in a jump to, one of the
 * library's own functions, that one seems to be called by the C library: so such threads begin in a function of ours,
 * and what returns to there is the library's own call. */
#include "bind/own_threads.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <threads.h>

#include "bind/rebound.h"
#include "bind/starting.h"
#include "dynlink/elf_object.h"
#include "dynlink/preloads.h"

typedef int create_thread(void *thread, const void *attributes, hg_routine *routine, void *argument);
typedef int create_c11_thread(void *thread, hg_routine *routine, void *argument);
static create_thread *_Atomic real_create;
static create_c11_thread *_Atomic real_c11_create;

static __thread void *(*begun)(void *)__attribute__((tls_model("initial-exec")));

uint64_t hg_inside_thread_routine(void)
{
	return (uint64_t)begun;
}

/* A section of its own: return addresses in it are those of start routines. */
extern const char __start_hg_thread_base[] __attribute__((visibility("hidden")));
extern const char __stop_hg_thread_base[] __attribute__((visibility("hidden")));

__attribute__((section("hg_thread_base"), noinline)) static void *begin(void *argument)
{
	struct hg_starting *mine = argument;
	hg_routine *routine = mine->routine;
	void *its_argument = mine->argument;
	hg_starting_give_back(mine);
	begun = routine;
	void *result = routine(its_argument);
	/* No jump: the routine has to return to here. */
	__asm__ volatile("" : "+r"(result));
	return result;
}

bool hg_inside_thread_base(uint64_t site)
{
	return site > (uint64_t)__start_hg_thread_base && site <= (uint64_t)__stop_hg_thread_base;
}

/* A routine of the library, or a function of its own whose address it takes itself. */
static struct hg_starting *own_thread(const void *caller, hg_routine *routine, void *argument)
{
	bool own = hg_inside_same((uint64_t)caller, (uint64_t)routine) ||
	           hg_inside_takes((uint64_t)caller, (const void *)routine);
	return own ? hg_starting_take(routine, argument) : NULL;
}

static int create(void *thread, const void *attributes, hg_routine *routine, void *argument)
{
	struct hg_starting *mine = own_thread(__builtin_return_address(0), routine, argument);
	int result = atomic_load(&real_create)(thread, attributes, mine ? begin : routine, mine ? mine : argument);
	if (mine && result != 0)
		hg_starting_give_back(mine);
	return result;
}

static int create_c11(void *thread, hg_routine *routine, void *argument)
{
	struct hg_starting *mine = own_thread(__builtin_return_address(0), routine, argument);
	int result = atomic_load(&real_c11_create)(thread, mine ? begin : routine, mine ? mine : argument);
	if (mine && result != thrd_success)
		hg_starting_give_back(mine);
	return result;
}

/* The function that the library would have called: where its word does not say yet, the first that has the name. */
static void *function_of(const struct hg_objects *objects, const struct hg_got_slot *word)
{
	struct hg_wanted wanted = hg_wanted_name(word->name);
	wanted.version = hg_object_version_used(word->object, word->symbol);
	if (!hg_got_slot_is_lazy(word))
		return (void *)hg_got_slot_function(word);
	for (unsigned i = 0; i < objects->count; i++) {
		const ElfW(Sym) *symbol = hg_object_find(&objects->list[i], &wanted);
		if (symbol)
			return hg_object_function(&objects->list[i], symbol);
	}
	return NULL;
}

static bool is_preloads(const struct hg_objects *objects, const void *function)
{
	unsigned number = hg_objects_at(objects, function);
	return number != HG_OBJECTS_MOST && hg_image_within(objects->list[number].low, objects->list[number].high);
}

/* The preload objects' lead to the C library's. A library that calls yet another by this name is let be. */
static bool are_same(const struct hg_objects *objects, void *known, void *real)
{
	return known == real || is_preloads(objects, known) || is_preloads(objects, real);
}

void hg_own_threads_rebind(const struct hg_objects *objects, const struct hg_got_slot *word)
{
	bool c11 = strcmp(word->name, "thrd_create") == 0;
	if (!c11 && strcmp(word->name, "pthread_create") != 0)
		return;
	const void *ours = c11 ? (const void *)create_c11 : (const void *)create;
	void *real = function_of(objects, word),
	     *known = c11 ? (void *)atomic_load(&real_c11_create) : (void *)atomic_load(&real_create);
	if (!real || real == ours || (known && !are_same(objects, known, real)))
		return;
	if (c11)
		atomic_store(&real_c11_create, (create_c11_thread *)real);
	else
		atomic_store(&real_create, (create_thread *)real);
	hg_got_slot_rebind(word, ours);
}
