/* pthread_create and thrd_create of the program: what a thread says that it is doing (record/labels.h) is what those
 * do that it creates. Of a thread that says nothing they begin as they would without us; of others in a function of
 * ours, which ends in a jump to the real one, so that nothing of ours is left on their stacks. */
#include <threads.h>

#include "bind/starting.h"
#include "dynlink/beyond.h"

/* No pointers to their own types: what a pthread_t is, and an int of a result, passes through all the same. */
int hg_pthread_create(void *thread, const void *attributes, hg_routine *routine, void *argument);
int hg_thrd_create(void *thread, hg_routine *routine, void *argument);

typedef int create_thread(void *thread, const void *attributes, hg_routine *routine, void *argument);
typedef int create_c11_thread(void *thread, hg_routine *routine, void *argument);

static void *real(void *_Atomic *known, const char *name)
{
	void *function = atomic_load_explicit(known, memory_order_acquire);
	if (!function) {
		function = hg_find_beyond(name);
		atomic_store_explicit(known, function, memory_order_release);
	}
	return function;
}

static void *begin(void *argument)
{
	struct hg_starting *mine = argument;
	void *(*routine)(void *) = mine->routine;
	void *its_argument = mine->argument;
	hg_label_inherit(mine->label);
	hg_starting_give_back(mine);
	return routine(its_argument);
}

static struct hg_starting *labelled(hg_routine *routine, void *argument)
{
	return hg_label_own().text ? hg_starting_take(routine, argument) : NULL;
}

__attribute__((visibility("default"))) int hg_pthread_create(void *thread, const void *attributes, hg_routine *routine,
                                                             void *argument)
{
	static void *_Atomic known;
	create_thread *create = (create_thread *)real(&known, "pthread_create");
	struct hg_starting *mine = labelled(routine, argument);
	if (!mine)
		return create(thread, attributes, routine, argument);
	int result = create(thread, attributes, begin, mine);
	if (result != 0)
		hg_starting_give_back(mine);
	return result;
}

__attribute__((visibility("default"))) int hg_thrd_create(void *thread, hg_routine *routine, void *argument)
{
	static void *_Atomic known;
	create_c11_thread *create = (create_c11_thread *)real(&known, "thrd_create");
	struct hg_starting *mine = labelled(routine, argument);
	if (!mine)
		return create(thread, routine, argument);
	int result = create(thread, begin, mine);
	if (result != thrd_success)
		hg_starting_give_back(mine);
	return result;
}
