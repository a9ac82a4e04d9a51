/* Handles that are made from others, end together, are of several kinds, or become others. */
#include "examples.h"

enum { MOST = 4 };

struct made {
	struct box *query, *from;
};

static struct made queries[MOST];
static struct box *links[MOST];

static int visit(void *handle)
{
	box_enter(handle);
	box_leave(handle);
	return 1;
}

/* --- queries --- */

db_query_handle *db_query(db *d)
{
	struct box *query = box_new();
	visit(d);
	for (int i = 0; i < MOST; i++)
		if (!queries[i].query) {
			queries[i] = (struct made){query, (struct box *)d};
			break;
		}
	return (db_query_handle *)query;
}

int db_step(db_query_handle *query)
{
	return visit(query);
}

static void finish(struct made *made)
{
	box_free(made->query);
	*made = (struct made){0};
}

void db_finish(db_query_handle *query)
{
	for (int i = 0; i < MOST; i++)
		if (queries[i].query == (struct box *)query)
			finish(&queries[i]);
}

int db_try_close(db *d)
{
	for (int i = 0; i < MOST; i++)
		if (queries[i].query && queries[i].from == (struct box *)d)
			return 5;
	box_free((struct box *)d);
	return 0;
}

void db_close_all(db *d)
{
	for (int i = 0; i < MOST; i++)
		if (queries[i].query && queries[i].from == (struct box *)d)
			finish(&queries[i]);
	box_free((struct box *)d);
}

void db_leave(db *d)
{
	box_free((struct box *)d);
}

/* --- transactions --- */

struct kv_txn {
	struct box *box;
	struct box *scanner;
	int reads_only;
};

static kv_txn txns[2];

kv_txn *kv_begin(int reads_only)
{
	kv_txn *txn = &txns[reads_only];
	*txn = (kv_txn){box_new(), NULL, reads_only};
	return txn;
}

kv_scanner *kv_scan(kv_txn *txn)
{
	visit(txn->box);
	txn->scanner = box_new();
	return (kv_scanner *)txn->scanner;
}

kv_blob_handle *kv_blob(kv_txn *txn)
{
	visit(txn->box);
	return (kv_blob_handle *)box_new();
}

int kv_scan_next(kv_scanner *scanner)
{
	return visit(scanner);
}

int kv_blob_size(kv_blob_handle *blob)
{
	return visit(blob);
}

void kv_scan_close(kv_scanner *scanner)
{
	box_free((struct box *)scanner);
}

void kv_blob_free(kv_blob_handle *blob)
{
	box_free((struct box *)blob);
}

void kv_end(kv_txn *txn)
{
	if (!txn->reads_only)
		box_free(txn->scanner);
	box_free(txn->box);
}

/* --- links --- */

net_link *net_link_open(void)
{
	struct box *link = box_new();
	for (int i = 0; i < MOST; i++)
		if (!links[i]) {
			links[i] = link;
			break;
		}
	return (net_link *)link;
}

int net_link_send(net_link *link)
{
	return visit(link);
}

int net_shutdown(void)
{
	for (int i = 0; i < MOST; i++) {
		if (links[i])
			box_free(links[i]);
		links[i] = NULL;
	}
	return 0;
}

/* --- sessions --- */

static struct box *only_channel;

net_session *net_session_new(void)
{
	return (net_session *)box_new();
}

int net_session_connect(net_session *session)
{
	return visit(session);
}

net_channel *net_channel_open(net_session *session)
{
	visit(session);
	return (net_channel *)(only_channel = box_new());
}

int net_channel_write(net_channel *channel)
{
	return visit(channel);
}

static void end_channel(void)
{
	box_free(only_channel);
	only_channel = NULL;
}

void net_disconnect(net_session *session)
{
	visit(session);
	end_channel();
}

void net_session_free(net_session *session)
{
	end_channel();
	box_free((struct box *)session);
}

/* --- kinds --- */

int odb_alloc(int kind, void *from, void **made)
{
	if (kind == ODB_CURSOR)
		visit(from);
	*made = box_new();
	return 0;
}

int odb_fetch(void *cursor)
{
	return visit(cursor);
}

int odb_free(int kind, void *handle)
{
	(void)kind;
	box_free(handle);
	return 0;
}

/* --- halves --- */

net_duplex *net_duplex_open(void)
{
	return (net_duplex *)box_new();
}

int net_duplex_split(net_duplex *duplex, net_half **reader, net_half **writer)
{
	*reader = (net_half *)box_new();
	*writer = NULL;
	box_free((struct box *)duplex);
	return 1;
}

int net_half_read(net_half *half)
{
	return visit(half);
}

int net_half_close(net_half *half)
{
	box_free((struct box *)half);
	return 0;
}

/* --- prints, each of which holds its photo --- */

static net_photo *printed;

net_print *net_print_new(net_photo *photo)
{
	visit(photo);
	printed = net_photo_keep(photo);
	return (net_print *)box_new();
}

void net_print_free(net_print *print)
{
	box_free((struct box *)print);
	net_photo_close(printed);
}
