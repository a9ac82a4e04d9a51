/* A library whose calls do to memory what sanitizers look for. */
#ifndef TANK_H
#define TANK_H

typedef struct tank tank;

tank *tank_open(void);

/* Writes the level, says that it is in by *inside, waits until *go is set, and returns 7. Says and waits by relaxed
 * atomics, which make no order. */
int tank_hold(tank *t, int *inside, const int *go);

/* Writes what no other op writes. */
int tank_label(tank *t);

/* Hands the level out. */
int tank_level(tank *t, long *level);

int tank_call(tank *t, void (*callback)(void));

/* Writes everything, then gives it up. */
void tank_close(tank *t);

#endif
