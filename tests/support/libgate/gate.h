/* A library of opaque handles whose ops stand still where a test wants them to, so that every race is made to happen.
 *
 * It notices what a guard must prevent: each op checks its handle's canary before and after, each real free checks that
 * no op is inside. Memory of a handle is never given back to the system, so what got through is counted and does not
 * crash. */
#ifndef GATE_H
#define GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gate gate;
typedef struct gate_child gate_child;
typedef struct gate_token gate_token;

/* --- guarded: what gate.yaml names --- */

gate *gate_open(void);
int gate_make(bool fail, gate **out); /* 0; or -1, with something that is no handle in *out */
int gate_fill(gate **at);             /* 0; uses the gate that stands there, or makes one if there is none */

int gate_touch(gate *g);                                          /* 1 */
int gate_wait(gate *g);                                           /* parks until it is let go; 2 */
int gate_wake(gate *g);                                           /* lets go of what is parked; 3 */
int gate_call(gate *g, void (*callback)(void *), void *argument); /* calls back from inside; 4 */
int gate_splice(gate *a, gate *b);                                /* parks at `a` until it is let go; 5 */

void gate_close(gate *g);
void gate_close_at(gate **g); /* and makes *g null */
int gate_try_close(gate *g);  /* 0; or 16 while it is busy */

/* They call back from inside, before they do their work. */
gate *gate_open_with(void (*callback)(void *), void *argument);
void gate_close_with(gate *g, void (*callback)(void *), void *argument);

/* What a library does inside: its own thread and its teardown call its own exported functions. */
int gate_start_worker(gate *g);
int gate_destroy(gate *g);

gate_child *gate_child_open(gate *parent);
int gate_child_touch(gate_child *child);
int gate_child_wait(gate_child *child);
void gate_child_close(gate_child *child);

/* Of a closed class: nobody else makes tokens. */
gate_token *gate_token_open(void);
int gate_token_touch(gate_token *token);
void gate_token_close(gate_token *token);

/* Small integers, the lowest that is free; -1 names none. */
int gate_id_open(void);
int gate_id_touch(int id);
int gate_id_wait(int id);
int gate_id_close(int id);
/* Numbers that are counted up: none is handed out again. */
int64_t gate_number_open(void);
int gate_number_touch(int64_t number); /* 1 */
int gate_number_close(int64_t number); /* 0 */

uint16_t gate_port_open(void);
int gate_port_touch(uint16_t port);
void gate_port_close(uint16_t port);

/* Without a vault they would crash; here they return -14, which is noticed as a use after a free is. */
gate *gate_vault_open(void);
int gate_vault_touch(gate *vault);                        /* 1 */
int gate_vault_next(gate *vault, gate *before);           /* 2; or 1 without one before */
int gate_vault_touch_all(int count, gate *const *vaults); /* passes over those that are none; `count` */
int gate_vault_touch_at(gate **vault);                    /* 1; or 0 without an address */
int gate_vault_ask(gate *vault);       /* 1; without a vault it calls gate_vault_touch for nothing itself */
void gate_vault_close(gate *vault);    /* or nothing, of null */
void gate_vault_burn(gate *vault);     /* not of null */
int gate_vault_try_close(gate *vault); /* 16: it is busy */

/* Of a class that is closed: calls with anything but a badge are turned away. */
gate *gate_badge_open(void);
gate *gate_badge_open_with(void (*callback)(gate *badge)); /* lets the callback know of it before it returns */
int gate_badge_touch(gate *badge);                         /* 1 */
void gate_badge_close(gate *badge);

/* Every place an argument can have. Each returns the sum of its other arguments. */
long gate_at0(gate *g, long b);
long gate_at1(long a, gate *g, long c);
long gate_at2(long a, long b, gate *g, long d);
long gate_at3(long a, long b, long c, gate *g, long e);
long gate_at4(long a, long b, long c, long d, gate *g, long f);
long gate_at5(long a, long b, long c, long d, long e, gate *g, long i, long j);
long gate_at6(long a, long b, long c, long d, long e, long f, gate *g, long j, long k);
double gate_at_mixed(double x, long a, float y, gate *g, double z, long c, long d, long e, long f, long h, double u,
                     double v, double w, double s, double t, double r, long last);
long gate_sum(gate *g, int doubles, ...); /* of that many doubles */
long double gate_precise(gate *g, long double x);

struct gate_pair {
	long one, other;
};
struct gate_triple {
	long one, other, third;
};
struct gate_pair gate_pair_of(gate *g, long x);
struct gate_triple gate_triple_of(gate *g, long x);

/* Handles in structs and in arrays. */
struct gate_item {
	int events;
	gate *gate; /* null: nothing to poll */
	int happened;
};
struct gate_move {
	gate *from, *to;
};
int gate_poll(struct gate_item *items, int count); /* parks at the first one until it is let go; 6 */
int gate_touch_all(int count, gate *const *gates); /* the count */
int gate_move(const struct gate_move *move);       /* 7 */
void gate_close_box(struct gate_item *item);

/* For one thread at a time. `wake` may always come; `call` calls back from inside. */
#define GATE_TURNS(kind)                                                                                               \
	gate *gate_##kind##_open(void);                                                                                \
	int gate_##kind##_touch(gate *g);                                                                              \
	int gate_##kind##_wait(gate *g);                                                                               \
	int gate_##kind##_wake(gate *g);                                                                               \
	int gate_##kind##_call(gate *g, void (*callback)(void *), void *argument);                                     \
	void gate_##kind##_close(gate *g);
GATE_TURNS(desk)
GATE_TURNS(till)
GATE_TURNS(diary)

/* Handles that are their own block of the allocator. */
typedef struct gate_crate gate_crate;
gate_crate *gate_crate_open(void);
int gate_crate_touch(gate_crate *crate);
int gate_crate_call(gate_crate *crate, void (*callback)(void *), void *argument);
void gate_crate_close(gate_crate *crate);
void gate_crate_close_all(gate_crate *first, gate_crate *second);

/* A house, rooms in it, chests in those. A house is freed as if there were no rooms; with all that is in it; only if
 * there is no room (0, else 16); or when its last room is. */
typedef struct gate_house gate_house;
typedef struct gate_room gate_room;
typedef struct gate_chest gate_chest;
gate_house *gate_house_open(void);
int gate_house_touch(gate_house *house);
void gate_house_close(gate_house *house);
void gate_house_raze(gate_house *house);
int gate_house_sell(gate_house *house);
void gate_house_leave(gate_house *house);
gate_room *gate_room_open(gate_house *house);
int gate_room_touch(gate_room *room);
int gate_room_wait(gate_room *room);
int gate_room_wake(gate_room *room);
int gate_room_call(gate_room *room, void (*callback)(void *), void *argument);
void gate_room_close(gate_room *room);
int gate_room_sell(gate_room *room);          /* only if there is no chest (0, else 16) */
void gate_room_linger(gate_room *room);       /* closes it when it is let go */
int gate_room_start_cleaner(gate_room *room); /* a thread of the library's own that lingers in it */
void gate_house_clear(gate_house *house);     /* lets that one go, waits for it, and closes the house */
gate_chest *gate_chest_open(gate_room *room);
int gate_chest_touch(gate_chest *chest);
int gate_chest_wait(gate_chest *chest);
void gate_chest_close(gate_chest *chest);
int gate_rooms_wait(int count, gate_room *const *rooms); /* parks in the first */
int gate_rooms_wake(int count, gate_room *const *rooms); /* lets go of what is parked there */

/* Twigs grow out of each other; one that is felled takes along what grows on it. */
typedef struct gate_twig gate_twig;
gate_twig *gate_twig_plant(void);
gate_twig *gate_twig_grow(gate_twig *from);
int gate_twig_wait(gate_twig *twig);
void gate_twig_fell(gate_twig *twig);

/* All lamps go out at once. */
typedef struct gate_lamp gate_lamp;
gate_lamp *gate_lamp_open(void);
int gate_lamp_touch(gate_lamp *lamp);
int gate_lamp_wait(gate_lamp *lamp);
void gate_lamp_close(gate_lamp *lamp);
void gate_lamp_join(gate_lamp *lamp);
void gate_lamp_finish(gate_lamp *lamp);
int gate_lamps_out(void); /* 0 */

/* Tickets: trips (kind 1), and seats (kind 2) of a trip. The kind says what a pointer is. */
enum { GATE_TRIP = 1, GATE_SEAT = 2 };
int gate_ticket_new(int kind, void *of, void **out); /* 0, or -1 for no kind */
int gate_ticket_touch(int kind, void *ticket);
int gate_ticket_drop(int kind, void *ticket);

/* A cord becomes two plugs (0), or one only (1), or stays what it is (-11). */
typedef struct gate_cord gate_cord;
typedef struct gate_plug gate_plug;
gate_cord *gate_cord_open(void);
int gate_cord_touch(gate_cord *cord);
int gate_cord_wait(gate_cord *cord);
int gate_cord_split(gate_cord *cord, int halves, gate_plug **left, gate_plug **right);
int gate_plug_touch(gate_plug *plug);
int gate_plug_wait(gate_plug *plug);
void gate_plug_close(gate_plug *plug);

/* Connections: small integers, 31 in all, one for each server, whoever asks for it; -1: none is left. A disconnect is
 * for everybody. `wait` parks until it is let go. */
enum { GATE_LINES_MOST = 31 };
#define GATE_LINES(kind)                                                                                               \
	int gate_##kind##_connect(int server);                                                                         \
	int gate_##kind##_send(int id);                                                                                \
	int gate_##kind##_wait(int id);                                                                                \
	int gate_##kind##_disconnect(int id);
GATE_LINES(line)
GATE_LINES(wire)
GATE_LINES(cable)

/* The same, but the library counts: each connect needs its disconnect. */
GATE_LINES(door)

/* Handles with a count of references; a floating one has a first reference that `sink` takes over. */
typedef struct gate_share gate_share;
gate_share *gate_share_new(void);
gate_share *gate_share_new_floating(void);
gate_share *gate_share_ref(gate_share *share);
gate_share *gate_share_sink(gate_share *share);
void gate_share_unref(gate_share *share);
int gate_share_touch(gate_share *share);
int gate_share_wait(gate_share *share);
int gate_share_keep(gate_share *share); /* the library takes a reference itself; 8 */
void gate_share_give_back(void);        /* and drops it */

/* Every way of being rejected. */
int64_t gate_recv(gate *g, void *buffer, size_t size, size_t *got, uint32_t *flags);
int gate_send(gate *g, const void *buffer, size_t size);
const char *gate_name(gate *g);
double gate_ratio(gate *g);
float gate_scale(gate *g);
uint8_t gate_level(gate *g);
void gate_reset(gate *g);

/* Results in pairs of registers; an array to fill; frees that return something. */
struct gate_span {
	double from, to;
};
struct gate_mix {
	long number;
	double share;
};
struct gate_quad {
	float a, b, c, d;
};
struct gate_span gate_span_of(gate *g);
struct gate_mix gate_mix_of(gate *g);
struct gate_quad gate_quad_of(gate *g);
int gate_list(gate *g, uint64_t *out, size_t count); /* the count */
int64_t gate_end_count(gate *g);
void *gate_end_pointer(gate *g);
double gate_end_ratio(gate *g);
float gate_end_scale(gate *g);
uint8_t gate_end_level(gate *g, uint32_t *left);
struct gate_pair gate_end_pair(gate *g);
struct gate_triple gate_end_triple(gate *g);

/* --- not guarded: the test's own hands --- */

gate *gate_open_unseen(void);               /* a handle that no guarded function made */
void gate_await_parked(gate *g, int count); /* until so many ops are parked there */
void gate_let_go(gate *g);                  /* now and until gate_hold */
void gate_hold(gate *g);
void gate_id_await_parked(int id);
void gate_id_let_go(int id);
void gate_child_await_parked(gate_child *child);
void gate_child_let_go(gate_child *child);
void gate_on_sale(void (*before)(void), void (*after)(void)); /* of the next house: called inside */
void gate_room_await_parked(gate_room *room);
void gate_room_let_go(gate_room *room);
void gate_twig_await_parked(gate_twig *twig);
void gate_twig_let_go(gate_twig *twig);
void gate_lamp_await_parked(gate_lamp *lamp);
void gate_lamp_let_go(gate_lamp *lamp);
void gate_plug_await_parked(gate_plug *plug);
void gate_plug_let_go(gate_plug *plug);
void gate_lines_await_parked(int id);
void gate_lines_let_go(int id);
int gate_lines_live(void);
int gate_lines_cut(void);            /* sends on a line that nobody has connected */
void gate_lines_set_busy(bool busy); /* disconnects fail meanwhile */
gate_share *gate_share_new_unseen(void);
void gate_share_await_parked(gate_share *share);
void gate_share_let_go(gate_share *share);
void gate_set_busy(gate *g, bool busy);
void gate_forget(gate *g); /* a way to free it that the manifest does not know of */
void gate_room_forget(gate_room *room);
void gate_recycle(bool on); /* the next handle is made of the memory that was freed last */
int gate_violations(void);  /* uses after a free, frees during a use, double frees: what got through */
int gate_frees(void);       /* real frees */
int gate_uses(void);        /* real ops begun */
int gate_overlaps(void);    /* ops on desks, tills and diaries that met another one */
int gate_last_freer(void);  /* the thread that ran the latest real free */

#endif
