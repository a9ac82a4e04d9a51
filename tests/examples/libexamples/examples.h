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

typedef struct net_tensor net_tensor;
net_tensor *net_tensor_new(void);
void net_tensor_batch(int count, net_tensor **tensors); /* not guarded */
int net_tensor_size(net_tensor *tensor);                /* 1 */
int net_tensor_fill(net_tensor *tensor);                /* parks; 2 */
void net_tensor_free(net_tensor *tensor);

/* Only of parcels, but where null is said to be none. */
typedef struct net_parcel net_parcel;
net_parcel *net_parcel_new(void);
int net_parcel_size(net_parcel *parcel);                     /* 1 */
int net_parcel_after(net_parcel *parcel, net_parcel *other); /* 1; other: or null */
const char *net_parcel_name(net_parcel *parcel);             /* or null, of null */
void net_parcel_free(net_parcel *parcel);

/* Freed, or ended by a run that returns 0, when no run of it is left. */
typedef struct net_feed net_feed;
net_feed *net_feed_open(void);
int net_feed_run(net_feed *feed, int (*callback)(net_feed *feed)); /* what the callback returns; 0: it was the last */
int net_feed_ask(net_feed *feed);                                  /* 1 */
int net_feed_close(net_feed *feed);                                /* 0 */

/* Run by loops: a run waits till it is let go, which then holds for good. */
typedef struct net_loop net_loop;
typedef struct net_task net_task;
typedef struct net_hints net_hints;
typedef struct net_sink net_sink;
enum { NET_TASK_HINTS = 7 };
net_loop *net_loop_new(void);
int net_loop_add(net_loop *loop, net_task *task); /* 0; 1: it has two */
void net_loop_remove(net_loop *loop, net_task *task);
int net_loop_run(net_loop *loop); /* 0 */
void net_loop_free(net_loop *loop);
net_task *net_task_new(void);
int net_task_set(net_task *task, int option, net_hints *hints); /* 0 */
void net_task_reset(net_task *task);
int net_task_send_to(net_task *task, net_sink *sink); /* 0 */
void net_task_free(net_task *task);                   /* removes it from its loop, frees its sink */
net_hints *net_hints_new(void);
void net_hints_free(net_hints *hints);
net_sink *net_sink_new(void);
void net_sink_free(net_sink *sink);

/* Closed, which lets its readers go, and then disposed of. */
typedef struct net_pipe net_pipe;
net_pipe *net_pipe_open(void);
int net_pipe_read(net_pipe *pipe); /* waits for the close; 0 */
int net_pipe_close(net_pipe *pipe);
void net_pipe_dispose(net_pipe *pipe);

typedef struct net_account net_account;
net_account *net_account_open(void);
int net_account_spend(net_account *account); /* 1 */
void net_account_close(net_account *account);

/* A page has one word, which is its own. */
typedef struct net_page net_page;
typedef struct net_word net_word;
net_page *net_page_open(void);
net_word *net_page_word(net_page *page);
int net_word_length(net_word *word); /* 1 */
void net_page_close(net_page *page);

/* Memory of the caller's. */
typedef struct net_codec {
	void *state;
} net_codec;
int net_codec_init(net_codec *codec);
int net_codec_copy(net_codec *to, net_codec *from);
int net_codec_run(net_codec *codec); /* 1 */
int net_codec_renew(net_codec *codec);
int net_codec_end(net_codec *codec);

/* Numbers, in structs too. */
struct net_end_in {
	int kind, end;
};
int net_end_pair(int ends[2]);
int net_end_some(int count, struct net_end_in *ends);
int net_end_open(struct net_end_in *end);
int net_end_both(const int ends[2]); /* 2 */
int net_end_send(int end);           /* 1 */
int net_end_close(int end);

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

/* As a library of native methods has them. */
void *Java_Stream_open(void *environment, void *class);
int Java_Stream_read(void *environment, void *class, void *stream); /* 1 */
void Java_Stream_close(void *environment, void *class, void *stream);

/* On as long as it has been started oftener than stopped; its bands end with it. */
typedef struct net_band net_band;
int net_radio_start(void); /* 0 */
int net_radio_count(void); /* how many bands there are */
int net_radio_stop(void);  /* 0 */
net_band *net_band_open(void);
int net_band_listen(net_band *band); /* parks; 2 */
int net_mixer_set(void);             /* 1 */

/* What is left of them ends with the process. */
typedef struct db_table db_table;
db_table *db_table_open(void);
int db_table_rows(db_table *table); /* 1 */
void db_table_close(db_table *table);

db_cursor *db_cursor_open(void);
int db_cursor_next(db_cursor *cursor); /* parks until it is interrupted; 1 */
int db_cursor_interrupt(db_cursor *cursor);
void db_cursor_close(db_cursor *cursor);
db_draft *db_draft_open(void);
int db_draft_write(db_draft *draft);
void db_draft_close(db_draft *draft);
void db_draft_give_back(db_draft *draft); /* on any thread */

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

typedef struct kv_txn kv_txn; /* with one scanner and one blob */
typedef struct kv_scanner kv_scanner;
typedef struct kv_blob_handle kv_blob_handle;
kv_txn *kv_begin(int reads_only);
kv_scanner *kv_scan(kv_txn *txn);
kv_blob_handle *kv_blob(kv_txn *txn);
int kv_scan_next(kv_scanner *scanner);  /* 1 */
int kv_blob_size(kv_blob_handle *blob); /* 1 */
void kv_scan_close(kv_scanner *scanner);
void kv_blob_free(kv_blob_handle *blob);
void kv_end(kv_txn *txn); /* closes the scanner, unless it reads only */

net_link *net_link_open(void);
int net_link_send(net_link *link); /* 1 */
int net_shutdown(void);            /* 0 */

typedef struct net_session net_session; /* with one channel at a time */
typedef struct net_channel net_channel;
net_session *net_session_new(void);
int net_session_connect(net_session *session); /* 1 */
net_channel *net_channel_open(net_session *session);
int net_channel_write(net_channel *channel); /* 1 */
void net_disconnect(net_session *session);
void net_session_free(net_session *session); /* and its channel */

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

typedef struct net_hub net_hub; /* one at a time, and one leaf */
typedef struct net_leaf net_leaf;
net_hub *net_hub_open(void);
net_hub *net_hub_ref(net_hub *hub);
int net_hub_close(net_hub *hub); /* how many hold it then */
net_leaf *net_leaf_new(net_hub *hub);
int net_leaf_size(net_leaf *leaf); /* 1 */
void net_leaf_free(net_leaf *leaf);

typedef struct net_photo net_photo; /* one at a time, and one print */
typedef struct net_print net_print;
net_photo *net_photo_open(void);
net_photo *net_photo_keep(net_photo *photo); /* the library's own */
int net_photo_size(net_photo *photo);        /* 1 */
void net_photo_close(net_photo *photo);
net_print *net_print_new(net_photo *photo);
void net_print_free(net_print *print);

uint32_t conn_connect(void); /* 1, whoever calls */
int conn_send(uint32_t conn);
int conn_disconnect(uint32_t conn); /* 0; for everybody */

/* --- tables.c: nothing else of it is exported --- */

struct net_camera_api {
	const char *name;
	struct box *(*open)(void);
	int (*grab)(struct box *camera);  /* parks; 2 */
	int (*focus)(struct box *camera); /* 1 */
	int (*focus_twice)(const struct net_camera_api *api, struct box *camera);
	void (*close)(struct box *camera);
};

struct net_camera_base {
	const struct net_camera_api *(*get_api)(uint32_t version); /* null: no such version */
	const char *(*get_name)(void);
};
const struct net_camera_base *net_camera_base(void);

struct net_lens_functions {
	long version;
	struct box *(*open)(void);
	int (*turn)(struct box *lens); /* 1 */
	void (*close)(struct box *lens);
};
int net_lens_list(const struct net_lens_functions **list); /* 0 */

struct net_tripod_functions {
	struct box *(*open)(void);
	int (*turn)(struct box *tripod); /* 1 */
	void (*close)(struct box *tripod);
};
void net_tripod_fill(struct net_tripod_functions *functions);

#endif
