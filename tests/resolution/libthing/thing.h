/* A library of which a process may hold several copies: each numbers its things from 1, so that the same number means
 * another thing in each. */
#ifndef THING_H
#define THING_H

enum { TURNED_AWAY = -1, USED_AFTER_CLOSE = -99 };

int thing_open(void);
/* COPY, by which the library was built, or USED_AFTER_CLOSE. */
int thing_which(int thing);
int thing_close(int thing);

/* --- not guarded --- */

/* Calls thing_open and thing_which as any other function of the library may do. */
int thing_own_calls(void);

/* Closes the thing while a thread of the library's own uses it, by the library's exported functions, to the very end.
 */
int thing_shut_down(int thing);

/* thing_which by name and, past everybody else's, by itself. */
struct thing_table {
	int (*which)(int thing);
	int (*which_inside)(int thing);
};
const struct thing_table *thing_functions(void);

#endif
