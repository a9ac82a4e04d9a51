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
typedef struct gate_pier gate_pier;
typedef struct gate_plank gate_plank;

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

/* An interrupt ends what is parked at the pier and its planks, if it is not lost. */
gate_pier *gate_pier_open(void);
int gate_pier_wait(gate_pier *pier); /* parks until it is interrupted or let go; 1 */
int gate_pier_stay(gate_pier *pier); /* the same, of which the manifest does not say that it parks */
void gate_pier_interrupt(gate_pier *pier, int number);
void gate_pier_close(gate_pier *pier);
gate_plank *gate_plank_open(gate_pier *pier);
int gate_plank_wait(gate_plank *plank); /* parks at its pier; 2 */
void gate_plank_close(gate_plank *plank);

/* Of a class that is closed: calls with anything but a badge are turned away. */
gate *gate_badge_open(void);
gate *gate_badge_open_with(void (*callback)(gate *badge)); /* lets the callback know of it before it returns */
int gate_badge_touch(gate *badge);                         /* 1 */
void gate_badge_close(gate *badge);

/* Not each of them is made here. */
gate *gate_crumb_open(void);
int gate_crumb_touch(gate *crumb);        /* 1 */
int gate_crumb_wait(gate *crumb);         /* 2 */
int gate_crumb_close(gate *crumb);        /* 0 */
int gate_crumb_close_slowly(gate *crumb); /* parks before it does its work; 0 */

/* What is left of them ends by a handler at exit of the library's. */
gate *gate_wisp_open(void);
int gate_wisp_touch(gate *wisp);                                          /* 1 */
int gate_wisp_wait(gate *wisp);                                           /* 2 */
int gate_wisp_call(gate *wisp, void (*callback)(void *), void *argument); /* 3 */
void gate_wisp_close(gate *wisp);

/* The organ is all of a library: it is there as long as it has been started oftener than stopped, and its pipes with
 * it. */
int gate_organ_start(bool fail); /* 0; or -1 */
int gate_organ_stop(void);       /* 0 */
int gate_organ_play(void);       /* 1 */
int gate_organ_wait(void);       /* parks until it is let go; 2 */
gate *gate_pipe_open(void);
int gate_pipe_touch(gate *pipe); /* 1 */
void gate_pipe_close(gate *pipe);
void gate_organ_await_parked(void);
void gate_organ_let_go(void);
/* For one thread at a time, whichever of its functions is called. */
int gate_lathe_turn(void); /* 1 */
int gate_lathe_wait(void); /* parks until it is let go; 2 */
void gate_lathe_await_parked(void);
void gate_lathe_let_go(void);

/* Horses are harnessed to coaches and tethered to each other, trunks loaded and freed with their coach. */
typedef struct gate_coach gate_coach;
typedef struct gate_horse gate_horse;
typedef struct gate_trunk gate_trunk;
gate_coach *gate_coach_open(void);
int gate_coach_run(gate_coach *coach);                                /* 1; its horses run */
int gate_coach_wait(gate_coach *coach);                               /* 2; while it waits too */
int gate_coach_polish(gate_coach *coach);                             /* 1; its horses do not matter */
int gate_coach_harness(gate_coach *coach, gate_horse *horse);         /* 0; 1: it has 8 horses */
int gate_coach_seat(gate_coach *coach, int place, gate_horse *horse); /* 0; null: whoever is there goes */
void gate_coach_unharness(gate_coach *coach, gate_horse *horse);
void gate_coach_unharness_all(gate_coach *coach);
int gate_coach_load(gate_coach *coach, gate_trunk *trunk); /* 0 */
void gate_coach_hand_back(gate_coach *coach, gate_trunk *trunk);
void gate_coach_close(gate_coach *coach);
gate_horse *gate_horse_open(void);
int gate_horse_touch(gate_horse *horse);                  /* 1 */
int gate_horse_tether(gate_horse *to, gate_horse *horse); /* 0 */
void gate_horse_free(gate_horse *horse);
void gate_horse_retire(gate_horse *horse); /* unharnesses it too */
gate_trunk *gate_trunk_open(void);
int gate_trunk_touch(gate_trunk *trunk); /* 1 */
int gate_trunk_wait(gate_trunk *trunk);  /* 2 */
void gate_trunk_close(gate_trunk *trunk);

/* Shut, and then freed. */
gate *gate_hatch_open(void);
gate *gate_hatch_open_in(gate *g);
int gate_hatch_touch(gate *hatch);                                               /* 1 */
int gate_hatch_wait(gate *hatch);                                                /* 2 */
int gate_hatch_shut(gate *hatch);                                                /* 3 */
int gate_hatch_shut_with(gate *hatch, void (*callback)(void *), void *argument); /* 3; calls back before */
void gate_hatch_free(gate *hatch);

/* Freed when no op of it is left; `finish` ends it too, but is said to be an op. */
gate *gate_pump_open(void);
int gate_pump_run(gate *pump, void (*callback)(void *), void *argument); /* 1 */
int gate_pump_finish(gate *pump);                                        /* 1 */
int gate_pump_touch(gate *pump);                                         /* 1 */
int gate_pump_wait(gate *pump);                                          /* 2 */
void gate_pump_close(gate *pump);

/* Only for the process that made it: while that is there, or for ever. The audit calls the touch itself. */
gate *gate_lease_open(void);
int gate_lease_touch(gate *lease); /* 1 */
int gate_lease_audit(gate *lease); /* 1; may be called by anybody */
int gate_lease_close(gate *lease); /* 0 */
int gate_lease_finish(gate *lease);
gate *gate_pact_open(void);
int gate_pact_touch(gate *pact); /* 1 */
void gate_pact_drop(gate *pact);

/* Wells are memory of the caller's. */
typedef struct gate_well {
	void *content; /* null: there is none */
} gate_well;
int gate_well_init(gate_well *well, bool fail); /* 0; or -1: there is nothing but what can be ended */
int gate_well_init_with(gate_well *well,
                        void (*callback)(void *));             /* calls back with the well, which is one by then; 0 */
int gate_well_init_by_another(gate_well *well);                /* by gate_well_init; 0 */
int gate_well_copy(gate_well *to, gate_well *from);            /* 0 */
int gate_well_touch(gate_well *well);                          /* 1 */
int gate_well_wait(gate_well *well);                           /* parks until it is let go; 2 */
int gate_well_call(gate_well *well, void (*callback)(void *)); /* calls back from inside; 4 */
void gate_well_end(gate_well *well);
int gate_well_renew(gate_well *well); /* ends it, and makes it a new one; 0 */

/* Numbers that are handed out in twos, in numbers and in structs. */
struct gate_end_in {
	int kind, end;
};
int gate_ends_open(int ends[2]);                                           /* 0 */
int gate_ends_open_some(int count, struct gate_end_in *ends);              /* every other one is -1, which is none; 0 */
int gate_ends_open_in(struct gate_end_in *end);                            /* 0 */
int gate_ends_open_with(int ends[2], void (*callback)(const int ends[2])); /* calls back with both of them; 0 */
int gate_end_touch(int end);                                               /* 1 */
int gate_ends_touch(const int ends[2]);                                    /* 2 */
int gate_end_take(int end);                                                /* makes one of the caller's own number; 0 */
int gate_end_close(int end);                                               /* 0 */

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
void gate_diary_give_back(gate *g);       /* a free, on any thread */
void gate_diary_close_elsewhere(gate *g); /* a free by a thread of the library's own */
int gate_diary_finish(gate *g);           /* 0; ends it when it returns */

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
int gate_house_wreck(gate_house *house);         /* with all that is in it, if it succeeds (0) */
int gate_house_wreck_in_vain(gate_house *house); /* it stands, with all that is in it; 16 */
int gate_house_sell(gate_house *house);
void gate_house_leave(gate_house *house);
gate_room *gate_room_open(gate_house *house);
int gate_room_touch(gate_room *room);
int gate_room_wait(gate_room *room);
int gate_room_wake(gate_room *room);
int gate_room_call(gate_room *room, void (*callback)(void *), void *argument);
void gate_room_close(gate_room *room);
void gate_room_leave(gate_room *room);        /* it goes with its last chest */
int gate_room_sell(gate_room *room);          /* only if there is no chest (0, else 16) */
void gate_room_linger(gate_room *room);       /* closes it when it is let go */
int gate_room_start_cleaner(gate_room *room); /* a thread of the library's own that lingers in it */
void gate_house_clear(gate_house *house);     /* lets that one go, waits for it, and closes the house */
gate_chest *gate_chest_open(gate_room *room);
int gate_chest_touch(gate_chest *chest);
int gate_chest_wait(gate_chest *chest);
void gate_chest_close(gate_chest *chest);
/* A hall, of which references are counted, and guests in it: what dropping the last reference means for these. */
typedef struct gate_hall gate_hall;
typedef struct gate_guest gate_guest;
gate_hall *gate_hall_open(void);
gate_hall *gate_hall_ref(gate_hall *hall);
int gate_hall_touch(gate_hall *hall);
int gate_hall_unref(gate_hall *hall); /* guests hold it too; how much holds it then */
int gate_hall_drop(gate_hall *hall);  /* they do not, and are left behind; how many references there are then */
int gate_hall_shut(gate_hall *hall);  /* they go with it; the same */
gate_guest *gate_guest_enter(gate_hall *hall);
int gate_guest_touch(gate_guest *guest);
int gate_guest_wait(gate_guest *guest);
void gate_guest_leave(gate_guest *guest);

/* A mill, and what is made from it; a mill of wood is closed with its carts, and none is sold that has wheels (16). */
typedef struct gate_mill gate_mill;
typedef struct gate_sack gate_sack;
typedef struct gate_wheel gate_wheel;
typedef struct gate_cart gate_cart;
enum { GATE_MILL_OF_WOOD, GATE_MILL_OF_STONE };
gate_mill *gate_mill_build(int kind);
void gate_mill_close(gate_mill *mill);
int gate_mill_sell(gate_mill *mill);
int gate_mill_touch(gate_mill *mill);
int gate_mill_clear(gate_mill *mill);     /* of its carts, and goes on; 0 */
int gate_mill_try_clear(gate_mill *mill); /* unless there is a wheel (16) */
gate_sack *gate_sack_fill(gate_mill *mill);
gate_wheel *gate_wheel_mount(gate_mill *mill);
gate_cart *gate_cart_load(gate_mill *mill);
int gate_sack_touch(gate_sack *sack);
int gate_sack_wait(gate_sack *sack);
int gate_wheel_touch(gate_wheel *wheel);
int gate_cart_touch(gate_cart *cart);
int gate_cart_wait(gate_cart *cart);
void gate_sack_empty(gate_sack *sack);
void gate_wheel_unmount(gate_wheel *wheel);
void gate_cart_unload(gate_cart *cart);

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
void gate_well_await_parked(const gate_well *well);
void gate_well_let_go(const gate_well *well);
void gate_pier_await_parked(gate_pier *pier);
void gate_pier_let_go(gate_pier *pier);
void gate_pier_lose(gate_pier *pier, int interrupts);   /* so many come too early */
int gate_pier_interrupts(gate_pier *pier, int *number); /* how many there were, and the latest one's number */
void gate_pier_lock(void);                              /* what an interrupt needs */
void gate_pier_unlock(void);
void gate_on_sale(void (*before)(void), void (*after)(void)); /* or wreck, of the next house: called inside */
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
void gate_guest_await_parked(gate_guest *guest);
void gate_guest_let_go(gate_guest *guest);
void gate_sack_await_parked(gate_sack *sack); /* or cart */
void gate_sack_let_go(gate_sack *sack);
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
