/* Towns, houses in them, rooms in those, and every way for one to go. The library is used by many threads at once; it
 * locks what is its own. What it cannot know of, and a guard must prevent, it notices: ops in what is gone or in what
 * was made from it, frees of what is in use, of what is gone, and of what goes with its parent. Its memory is never
 * given back to the system, but soon handed out again. */
#ifndef TREE_H
#define TREE_H

#include <stdbool.h>

struct tree;

/* `call` calls back from inside. What a free does with what is in it: `close` forgets it, `raze` frees it too, `leave`
 * keeps what it needs till the last is gone, `sell` refuses if there is any (16). With `fail`, `drop` (which forgets)
 * and `wreck` (which frees it too) do nothing (-1). */
#define TREE_KIND(kind)                                                                                                \
	int kind##_touch(struct tree *tree);                                                                           \
	int kind##_call(struct tree *tree, void (*callback)(void *), void *argument);                                  \
	void kind##_close(struct tree *tree);                                                                          \
	void kind##_raze(struct tree *tree);                                                                           \
	void kind##_leave(struct tree *tree);                                                                          \
	int kind##_sell(struct tree *tree);                                                                            \
	int kind##_drop(struct tree *tree, bool fail);                                                                 \
	int kind##_wreck(struct tree *tree, bool fail);
TREE_KIND(town)
TREE_KIND(house)
TREE_KIND(room)
struct tree *town_open(void);
struct tree *house_open(struct tree *town);
struct tree *room_open(struct tree *house);
int towns_end(void); /* razes all of them; 0 */

/* --- not guarded --- */

/* Around a fork: in the child nobody is in an op. */
void tree_before_fork(void);
void tree_after_fork(bool child);

int tree_violations(void); /* tells of each on standard error */
int tree_made(int depth);  /* towns (0), houses (1), rooms (2) that were handed out */
int tree_ended(int depth); /* of these, how many are gone, or left */

#endif
