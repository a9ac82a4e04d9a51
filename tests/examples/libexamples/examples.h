/* The library that the manual's examples describe. Handles are boxes, as those of the scenarios' gate (box.h): ops
 * stand still where the test wants it, and what a guard must prevent is noticed. */
#ifndef EXAMPLES_H
#define EXAMPLES_H

#include <stddef.h>
#include <stdint.h>

#include "box.h"

typedef struct net_node net_node;
typedef struct net_stream net_stream;
typedef struct net_packet net_packet;

/* --- net.c --- */

net_node *net_node_new(void);
int net_node_ping(net_node *node);  /* 1 */
int net_node_close(net_node *node); /* 0; or 16 while it is busy */
int net_node_join(net_node *node);  /* parks; 0 */

net_stream *net_stream_open(void);
int net_stream_accept(net_node *node, net_stream **stream);
long net_stream_recv(net_stream *stream, void *buffer, size_t *got); /* parks; 1 */
int net_stream_cancel(net_stream *stream);                           /* 0; lets go of what is parked */
int net_stream_splice(net_stream *from, net_stream *to);
void net_stream_free(net_stream *stream);
int net_stream_finish(net_stream *stream); /* 0 */

struct net_poll_item {
	uint64_t events;
	net_stream *stream;
};
int net_stream_poll(struct net_poll_item *items, int count); /* how many streams */

struct net_route {
	net_stream *from, *to;
};
int net_stream_move(const struct net_route *route);
int net_stream_flush(net_stream *const *streams, int count);
int net_stream_log(long a, long b, long c, long d, long e, long f, net_stream *stream);
void net_stream_end(net_stream **stream); /* and makes it null */

net_packet *net_packet_new(void);

/* Only of parcels, but where null is said to be none. */
typedef struct net_parcel net_parcel;
net_parcel *net_parcel_new(void);
int net_parcel_size(net_parcel *parcel);                     /* 1 */
int net_parcel_after(net_parcel *parcel, net_parcel *other); /* 1; other: or null */
const char *net_parcel_name(net_parcel *parcel);             /* or null, of null */
void net_parcel_free(net_parcel *parcel);

int net_packet_size(net_packet *packet);
void net_packet_free(net_packet *packet);

int net_port_open(void);
int net_port_send(int port); /* 1; 0 to -1 */
int net_port_close(int port);

/* --- db.c --- */

typedef struct db db;
typedef struct db_cursor db_cursor;
typedef struct db_draft db_draft;
typedef struct db_reader db_reader;
typedef struct db_writer db_writer;

db *db_open(void);
void db_close(db *d);
int db_ping(db *d);
int64_t db_rows(db *d);
double db_ratio(db *d);
const char *db_name(db *d);
const char *db_error(db *d);
struct db_range {
	long first, last;
};
struct db_range db_range(db *d);
struct db_stats {
	long reads, writes, misses;
};
struct db_stats db_stats(db *d);
int db_sizes(db *d, uint64_t *sizes, int count, int *more);

/* 0; 1 without a writer, if the database is busy; 5 with neither, if it is let go. What is no handle is then 0x1. */
int db_split(db *d, db_reader **reader, db_writer **writer);
int db_reader_next(db_reader *reader); /* parks; 1 */
int db_copy(db_reader *reader, db_writer *writer);
void db_reader_close(db_reader *reader);
void db_writer_close(db_writer *writer);

db_cursor *db_cursor_open(void);
int db_cursor_next(db_cursor *cursor); /* parks until it is interrupted; 1 */
int db_cursor_interrupt(db_cursor *cursor);
void db_cursor_close(db_cursor *cursor);
db_draft *db_draft_open(void);
int db_draft_write(db_draft *draft);
void db_draft_close(db_draft *draft);

/* --- family.c --- */

typedef struct db_query_handle db_query_handle;
typedef struct net_link net_link;
typedef struct net_duplex net_duplex;
typedef struct net_half net_half;

int db_try_close(db *d); /* 0; or 5 while there are queries */
void db_close_all(db *d);
void db_leave(db *d);
db_query_handle *db_query(db *d);
int db_step(db_query_handle *query); /* 1 */
void db_finish(db_query_handle *query);

net_link *net_link_open(void);
int net_link_send(net_link *link); /* 1 */
int net_shutdown(void);            /* 0 */

enum { ODB_SESSION = 1, ODB_CURSOR = 2 };
int odb_alloc(int kind, void *from, void **made); /* 0 */
int odb_fetch(void *cursor);                      /* 1 */
int odb_free(int kind, void *handle);             /* 0 */

net_duplex *net_duplex_open(void);
int net_duplex_split(net_duplex *duplex, net_half **reader, net_half **writer); /* 1: there is no writer */
int net_half_read(net_half *half);                                              /* 1 */
int net_half_close(net_half *half);                                             /* 0 */

/* --- shared.c --- */

typedef struct obj obj; /* one at a time */
obj *obj_new(void);
obj *obj_new_floating(void);
obj *obj_ref_sink(obj *object);
obj *obj_ref(obj *object);
void obj_unref(obj *object);
int obj_draw(obj *object); /* 1 */
int obj_frees(void);       /* how many were freed */

uint32_t conn_connect(void); /* 1, whoever calls */
int conn_send(uint32_t conn);
int conn_disconnect(uint32_t conn); /* 0; for everybody */

#endif
