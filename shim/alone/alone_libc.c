/* Functions of the C library, which the linker has found: those that the runtime always uses, and those that the
 * program calls, of which the wrapper that has taken the place brings its line along (links.h). */
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "alone/alone.h"
#include "base/libc.h"
#include "format/links.h"

extern int __real_pthread_create(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

/* Of the wrappers: there need not be any. */
extern const struct hg_link_real __start_handleguard_reals[] __attribute__((weak, visibility("hidden")));
extern const struct hg_link_real __stop_handleguard_reals[] __attribute__((weak, visibility("hidden")));

void *hg_libc_function(const char *name)
{
	static const struct {
		const char *name;
		void *function;
	} always[] = {{"pthread_create", (void *)__real_pthread_create},
	              {"pthread_attr_getstack", (void *)pthread_attr_getstack}};
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		if (strcmp(always[i].name, name) == 0)
			return always[i].function;
	uintptr_t end = (uintptr_t)__stop_handleguard_reals;
	for (const struct hg_link_real *real = __start_handleguard_reals; (uintptr_t)real < end; real++)
		if (strcmp((const char *)&real->name + real->name, name) == 0)
			return (void *)real->function;
	return NULL;
}

/* --- which C library it is --- */

static bool is_foreign;

bool hg_libc_is_gnu(void)
{
	return !is_foreign;
}

/* The GNU one defines it, and tells by it where the first thread's stack ends. */
__attribute__((weak)) void *__libc_stack_end;

/* There the program's arguments begin with their count; behind them comes the environment. */
static void find_stack_end(void)
{
	const uintptr_t *at = (const uintptr_t *)environ - 1;
	uintptr_t count = 0;
	while (*--at != count)
		count++;
	__libc_stack_end = (void *)at;
}

void hg_alone_know_libc(void)
{
	is_foreign = !__libc_stack_end;
	if (is_foreign)
		find_stack_end();
}
