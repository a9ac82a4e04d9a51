/* What every kind of handle is made of. */
#ifndef BOX_H
#define BOX_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct box {
	_Atomic uint32_t canary;
	_Atomic int inside;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int parked;
	bool open, busy;
	struct box *next; /* in the list of freed ones */
};

struct box *box_new(void);
struct box *box_new_of(size_t size); /* never made of a freed one; what follows the box is zeroed */
/* What a box would notice: a use after a free, or a second free. */
void box_complain(void);

void box_free(struct box *box);

/* Around every op. */
void box_enter(struct box *box);
void box_leave(struct box *box);

void box_park(struct box *box);
void box_await_parked(struct box *box, int count);
void box_let_go(struct box *box);

#endif
