#include "tree.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { KINDS = 3 };

/* SOLD: gone, though nobody has waited for its users. A library that may refuse is asked at once. */
enum state { UNUSED, ALIVE, LEFT, SOLD, GONE };

struct tree {
	enum state state;
	int depth, inside;
	struct tree *parent; /* never reset: what is forgotten has a parent that is gone */
	unsigned parent_life, life;
	struct tree *next; /* among all of its depth */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct tree *all[KINDS];
static int violations, made[KINDS], ended[KINDS];

static void violation(const char *what, const struct tree *tree)
{
	violations++;
	fprintf(stderr, "violation: %s, %p, its life %u, depth %d, state %d, %d inside\n", what, (const void *)tree,
	        tree->life, tree->depth, tree->state, tree->inside);
}

static bool here(const struct tree *tree)
{
	return tree->state == ALIVE || tree->state == LEFT || tree->state == SOLD;
}

static struct tree *parent_of(const struct tree *tree)
{
	struct tree *parent = tree->parent;
	return parent && parent->life == tree->parent_life ? parent : NULL;
}

/* Whether an ancestor is gone. */
static bool forgotten(const struct tree *tree)
{
	while (tree->parent) {
		const struct tree *parent = parent_of(tree);
		if (!parent || !here(parent))
			return true;
		tree = parent;
	}
	return false;
}

static bool has_child(const struct tree *tree)
{
	for (struct tree *child = tree->depth + 1 < KINDS ? all[tree->depth + 1] : NULL; child; child = child->next)
		if (here(child) && parent_of(child) == tree)
			return true;
	return false;
}

/* --- ops --- */

static void enter(struct tree *tree)
{
	pthread_mutex_lock(&lock);
	if (tree->state != ALIVE && tree->state != SOLD)
		violation("an op in what is gone", tree);
	else if (forgotten(tree))
		violation("an op in what was forgotten", tree);
	tree->inside++;
	pthread_mutex_unlock(&lock);
}

static void leave(struct tree *tree)
{
	pthread_mutex_lock(&lock);
	if (tree->state != ALIVE && tree->state != SOLD)
		violation("gone during an op", tree);
	tree->inside--;
	pthread_mutex_unlock(&lock);
}

static int touch(struct tree *tree)
{
	enter(tree);
	leave(tree);
	return 1;
}

static int call(struct tree *tree, void (*callback)(void *), void *argument)
{
	enter(tree);
	callback(argument);
	leave(tree);
	return 4;
}

/* --- creates --- */

static struct tree *blank(int depth)
{
	for (struct tree *tree = all[depth]; tree; tree = tree->next)
		if (tree->state == GONE && !tree->inside)
			return tree;
	struct tree *fresh = calloc(1, sizeof *fresh);
	if (!fresh)
		abort();
	fresh->depth = depth;
	fresh->next = all[depth];
	return all[depth] = fresh;
}

static struct tree *make(int depth, struct tree *parent)
{
	if (parent)
		enter(parent);
	pthread_mutex_lock(&lock);
	struct tree *tree = parent && parent->state == SOLD ? NULL : blank(depth);
	if (tree) {
		tree->state = ALIVE;
		tree->life++;
		tree->parent = parent;
		tree->parent_life = parent ? parent->life : 0;
		made[depth]++;
	}
	pthread_mutex_unlock(&lock);
	if (parent)
		leave(parent);
	return tree;
}

/* --- frees; the lock is held --- */

static void end_left(struct tree *tree)
{
	if (tree && tree->state == LEFT && !has_child(tree)) {
		tree->state = GONE;
		end_left(parent_of(tree));
	}
}

static void end(struct tree *tree)
{
	if (tree->state != ALIVE)
		violation("a free of what is gone", tree);
	else if (tree->inside)
		violation("a free of what is in use", tree);
	tree->state = GONE;
	ended[tree->depth]++;
	end_left(parent_of(tree));
}

static void check_below(const struct tree *tree)
{
	for (struct tree *child = tree->depth + 1 < KINDS ? all[tree->depth + 1] : NULL; child; child = child->next)
		if (here(child) && parent_of(child) == tree) {
			if (child->inside)
				violation("a free of what something in use was made from", child);
			check_below(child);
		}
}

static void raze(struct tree *tree)
{
	for (struct tree *child = tree->depth + 1 < KINDS ? all[tree->depth + 1] : NULL; child; child = child->next)
		if (here(child) && parent_of(child) == tree) {
			raze(child);
			if (child->state == LEFT)
				child->state = GONE;
		}
	if (tree->state == ALIVE)
		end(tree);
	else if (tree->state == SOLD)
		tree->state = GONE;
}

static void check_free(const struct tree *tree)
{
	if (tree->state != ALIVE && tree->state != SOLD)
		violation("a free of what is gone", tree);
	else if (forgotten(tree))
		violation("a free of what was forgotten", tree);
}

static int go(struct tree *tree, void (*way)(struct tree *tree))
{
	pthread_mutex_lock(&lock);
	check_free(tree);
	check_below(tree);
	if (tree->state != SOLD)
		way(tree);
	pthread_mutex_unlock(&lock);
	return 0;
}

static void leave_to_children(struct tree *tree)
{
	pthread_mutex_lock(&lock);
	check_free(tree);
	if (tree->inside)
		violation("left while it is in use", tree);
	if (tree->state == ALIVE) {
		tree->state = LEFT;
		ended[tree->depth]++;
		end_left(tree);
	}
	pthread_mutex_unlock(&lock);
}

static int sell(struct tree *tree)
{
	pthread_mutex_lock(&lock);
	bool refused = tree->state != ALIVE || tree->inside || has_child(tree);
	if (!refused) {
		tree->state = SOLD;
		ended[tree->depth]++;
	}
	pthread_mutex_unlock(&lock);
	return refused ? 16 : 0;
}

#define KIND(kind)                                                                                                     \
	int kind##_touch(struct tree *tree)                                                                            \
	{                                                                                                              \
		return touch(tree);                                                                                    \
	}                                                                                                              \
	int kind##_call(struct tree *tree, void (*callback)(void *), void *argument)                                   \
	{                                                                                                              \
		return call(tree, callback, argument);                                                                 \
	}                                                                                                              \
	void kind##_close(struct tree *tree)                                                                           \
	{                                                                                                              \
		go(tree, end);                                                                                         \
	}                                                                                                              \
	void kind##_raze(struct tree *tree)                                                                            \
	{                                                                                                              \
		go(tree, raze);                                                                                        \
	}                                                                                                              \
	void kind##_leave(struct tree *tree)                                                                           \
	{                                                                                                              \
		leave_to_children(tree);                                                                               \
	}                                                                                                              \
	int kind##_sell(struct tree *tree)                                                                             \
	{                                                                                                              \
		return sell(tree);                                                                                     \
	}                                                                                                              \
	int kind##_drop(struct tree *tree, bool fail)                                                                  \
	{                                                                                                              \
		return fail ? -1 : go(tree, end);                                                                      \
	}                                                                                                              \
	int kind##_wreck(struct tree *tree, bool fail)                                                                 \
	{                                                                                                              \
		return fail ? -1 : go(tree, raze);                                                                     \
	}

KIND(town)
KIND(house)
KIND(room)

struct tree *town_open(void)
{
	return make(0, NULL);
}

struct tree *house_open(struct tree *town)
{
	return make(1, town);
}

struct tree *room_open(struct tree *house)
{
	return make(2, house);
}

int towns_end(void)
{
	pthread_mutex_lock(&lock);
	for (struct tree *town = all[0]; town; town = town->next)
		if (here(town)) {
			check_below(town);
			raze(town);
			town->state = GONE;
		}
	pthread_mutex_unlock(&lock);
	return 0;
}

void tree_before_fork(void)
{
	pthread_mutex_lock(&lock);
}

void tree_after_fork(bool child)
{
	for (int depth = 0; child && depth < KINDS; depth++)
		for (struct tree *tree = all[depth]; tree; tree = tree->next)
			tree->inside = 0;
	pthread_mutex_unlock(&lock);
}

int tree_violations(void)
{
	return violations;
}

int tree_made(int depth)
{
	return made[depth];
}

int tree_ended(int depth)
{
	return ended[depth];
}
