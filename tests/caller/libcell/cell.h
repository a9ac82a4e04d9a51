/* A small library with every way in which a call can come back to a library: through callbacks that it calls, or jumps
 * to, from threads of its own, through a table of its own functions, from a second object of its own (libcoat). */
#ifndef CELL_H
#define CELL_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cell cell;
typedef struct bud bud;
typedef struct lane lane;
typedef int (*cell_callback)(cell *, void *);

/* Ops return 1, those with a callback what it returned; frees return 0. */
cell *cell_new(void);
int cell_touch(cell *c);
int cell_call(cell *c, cell_callback callback, void *data); /* uses the cell after it has called back; returns 1 */
int cell_pass(cell *c, cell_callback callback, void *data); /* ends with a jump to the callback */
int cell_nod(cell *c, cell_callback callback, void *data);  /* ends with a jump to cell_touch */
int cell_on_free(cell *c, cell_callback callback, void *data);
int cell_free(cell *c);
int cell_join(cell *c); /* a free that keeps others out by itself */

/* Creates that tell of the new cell before they return. The last one's new cell is where an old one was. */
cell *cell_open(cell_callback callback, void *data);
int cell_open_to(cell **out, cell_callback callback, void *data);
cell *cell_open_at(cell *old, cell_callback callback, void *data);
cell *cell_turn_into(cell *from, cell *old, cell_callback callback, void *data); /* the same, and frees the first */

/* Teardowns of the library's own: by its own functions, with a thread of its own that uses the cell till the end. */
int cell_raze(cell *c);
int cell_raze_by_table(cell *c);

/* Frees that a thread of the library carries out: it calls cell_free, jumps to it, begins with it, finds it in a table.
 */
int cell_close(cell *c);
int cell_close_by_jump(cell *c);
int cell_close_by_start(cell *c);
int cell_close_by_table(cell *c);
int coat_close(cell *c);
void cell_await_closed(void);
void coat_await_closed(void);

/* What no manifest names: a thread of the library frees the cell, or calls back. cell_await_closed waits for it. */
int cell_expire(cell *c);
int cell_call_later(cell *c, cell_callback callback, void *data);

/* The end of all cells; it calls back first. */
void cell_at_shutdown(cell_callback callback, cell *c);
int cell_shutdown(void);

/* Made from a cell. */
typedef int (*bud_callback)(bud *b, void *data);

bud *cell_sprout(cell *parent);
bud *cell_layer(cell *parent, bud_callback callback, void *data);              /* calls back with the new bud */
bud *cell_layer_at(cell *parent, bud *old, bud_callback callback, void *data); /* where an old one was */
bud *cell_graft(cell *parent, cell_callback callback, void *data); /* uses the parent, and calls back with it */
int bud_touch(bud *b);
int bud_poll(bud **buds, int count, cell_callback callback, void *data); /* all buds of one cell; calls back with it */
int bud_on_free(bud *b, cell_callback callback, void *data);             /* called with the parent */
int bud_free(bud *b);
int cell_fell(cell *parent, bud **buds, int count); /* frees the cell and its buds */

/* For one thread at a time. */
lane *lane_new(void);
int lane_touch(lane *l);
int lane_call(lane *l, cell_callback callback, void *data);
int lane_free(lane *l);

/* The library's functions as it hands them out. */
struct cell_functions {
	int (*touch)(cell *);
	int (*call)(cell *, cell_callback, void *);
	int (*free)(cell *);
};
const struct cell_functions *cell_functions(void);

/* And as the program can give it others. */
void cell_give(const struct cell_functions *functions);
int cell_free_by_given(cell *c);

/* What the library noticed: the first is the sum of the next four. */
int cell_faults(void);
int cell_late(void);
int cell_under(void);
int cell_twice(void);
int cell_ends_dead(void);
int cell_frees(void);

#ifdef __cplusplus
}
#endif

#endif
