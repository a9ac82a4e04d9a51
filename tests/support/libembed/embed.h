/* A library that guards its handles itself, with handleguard.h: the shape of libgate in small. */
#ifndef EMBED_H
#define EMBED_H

typedef struct embed embed;

embed *embed_open(void);
int embed_touch(embed *e); /* 1; or -EPIPE, rejected */
int embed_wait(embed *e);  /* parks until it is let go; 2 or -EPIPE */
int embed_wake(embed *e);  /* lets go of what is parked; 3 or -EPIPE */

int embed_call(embed *e, void (*callback)(void *), void *argument); /* 4 or -EPIPE */

/* What handleguard_begin_free said: 0 drained and torn down, 1 another free has won, 2 timed out and leaked. */
int embed_close(embed *e);

/* The same of a close that may be left to the last op: 3. */
int embed_finish(embed *e);

void embed_await_parked(embed *e, int count);
void embed_let_go(embed *e);
int embed_violations(void);
int embed_frees(void);
int embed_uses(void);

#endif
