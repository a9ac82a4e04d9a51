/* Lives of a guard: how they begin, and how they end without a real free. */
#ifndef HG_LIFE_H
#define HG_LIFE_H

#include "protocol/guard.h"

/* Ends a life without a real free, and without a look at who is in flight: of what cannot be freed any more. False: it
 * has ended. */
bool hg_guard_give_up(struct hg_guard *guard, const struct hg_event *event);

/* From now on the library may end the life by itself: it is no leak, and the next one of its value comes as no
 * surprise. */
void hg_guard_may_end(struct hg_guard *guard);

/* The real free failed: the handle lives on, unless its value has begun a new life meanwhile. */
void hg_guard_revive(struct hg_guard *guard, uint32_t generation);

/* Begins the next life of a class's root. */
void hg_guard_renew_root(struct hg_guard *root);

/* Waits until the real call that tears the class down has returned. False: the class's deadline has passed. */
bool hg_guard_await_renewal(struct hg_guard *root);

/* In a forked child, once it has a recording: a call that another thread of the parent was tearing a class down by
 * never returns here. If it was still waiting, nothing has ended. */
void hg_roots_forked(void);

enum hg_birth {
	HG_BORN,
	HG_REBORN,    /* its last life had not ended */
	HG_SUCCEEDED, /* nor had this one, but it was to go with the handle that it was made from */
	HG_RECLAIMED  /* its last life's free was left to the last op, which will not make it any more */
};

/* Whether no free of the guard's present life has begun. */
bool hg_guard_lives(const struct hg_guard *guard);

/* Begins a new life, private to this thread. */
enum hg_birth hg_guard_create(struct hg_guard *guard, struct hg_context *context, const struct hg_event *event,
                              struct hg_guard *parent);

/* The same of one without a family, whose word, this one, says that nothing was before or that it is over. False: the
 * word is another one by now. */
bool hg_guard_begin(struct hg_guard *guard, struct hg_context *context, const struct hg_event *event, uint64_t word);

/* The same for a value that several calls may be handed at once: the one that finds it in this generation begins the
 * next, which is private to nobody. False: another one has. */
bool hg_guard_create_next(struct hg_guard *guard, struct hg_context *context, const struct hg_event *event,
                          struct hg_guard *parent, uint32_t generation, enum hg_birth *birth);

/* Begins a life of a value that nobody saw created, and whose last life was of this generation and is over, or which
 * has had none. `parent`: what it is made from, if that is known. False: it is not, or no more. */
bool hg_guard_adopt(struct hg_guard *guard, uint32_t generation, const struct hg_event *event, struct hg_guard *parent);

/* Of a value whose last life is over: it may mean something else by now, and nobody knows what. */
void hg_guard_forget(struct hg_guard *guard);

/* Says of a life how it came to be, after all: its create has returned. */
void hg_guard_explain(struct hg_guard *guard, const struct hg_event *event, struct hg_guard *parent);

#endif
