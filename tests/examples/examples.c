/* Usage: examples_program EXAMPLE
 * Does with the manual's library what the example of that name is about; test_examples.py knows what must be
 * reported. */
#include "examples.h"

#include "scenario.h"

/* Frees with an op in flight, which is let go when the free waits for it. */
static void free_during(void (*op)(void *), void *op_handle, void (*end)(void *), void *handle, void (*let_go)(void *))
{
	struct side user, closer;
	start(&user, "user", op, op_handle);
	box_await_parked(op_handle, 1);
	start(&closer, "closer", end, handle);
	await_drain(&closer);
	let_go(op_handle);
	join(&user);
	join(&closer);
}

static void let_box_go(void *handle)
{
	box_let_go(handle);
}

/* --- the first example --- */

static void receive(void *stream)
{
	char buffer;
	size_t got = 0;
	CHECK(net_stream_recv(stream, &buffer, &got) == 1 && got == 1);
}

static void cancel(void *stream)
{
	CHECK(net_stream_cancel(stream) == 0);
}

static void free_stream(void *stream)
{
	net_stream_free(stream);
}

static void the_manifest(void)
{
	net_node *node = net_node_new();
	net_stream *one, *other;
	char buffer;
	size_t got = 9;
	CHECK(net_stream_accept(node, &one) == 0 && net_stream_accept(node, &other) == 0);
	CHECK(net_stream_splice(one, other) == 0);
	struct net_poll_item items[] = {{0, one}, {0, other}};
	CHECK(net_stream_poll(items, 2) == 2);
	free_during(receive, one, free_stream, one, cancel);
	CHECK(net_stream_recv(one, &buffer, &got) == -EPIPE && got == 0);
	CHECK(net_stream_poll(items, 2) == -EPIPE);
	net_stream_free(other);
	CHECK(net_node_close(node) == 0);
}

/* --- one thread at a time --- */

static void next(void *cursor)
{
	CHECK(db_cursor_next(cursor) == 1);
}

static void write_draft(void *draft)
{
	CHECK(db_draft_write(draft) == 0);
}

static void one_thread_at_a_time(void)
{
	struct side first, second, stranger;
	db_cursor *cursor = db_cursor_open();
	db_draft *draft = db_draft_open();
	start(&first, "first", next, cursor);
	box_await_parked((struct box *)cursor, 1);
	start(&second, "second", next, cursor);
	await_drain(&second);
	CHECK(db_cursor_interrupt(cursor) == 0);
	join(&first);
	join(&second);
	start(&stranger, "stranger", write_draft, draft);
	join(&stranger);
	db_cursor_close(cursor);
	db_draft_close(draft);
}

/* --- addresses that come again --- */

static void addresses_that_come_again(void)
{
	net_packet *old = net_packet_new(), *new;
	CHECK(net_packet_size(old) == 500);
	net_packet_free(old);
	new = net_packet_new();
	CHECK(new != old);
	CHECK(net_packet_size(old) == -EPIPE && net_packet_size(new) == 500);
	net_packet_free(new);
}

/* --- handles with several holders --- */

static void handles_with_several_holders(void)
{
	obj *object = obj_new();
	CHECK(obj_ref(object) == object);
	obj_unref(object);
	CHECK(obj_draw(object) == 1 && obj_frees() == 0);
	obj_unref(object);
	CHECK(obj_frees() == 1 && obj_draw(object) == -EPIPE);
	obj_unref(object);
	object = obj_new_floating();
	CHECK(obj_ref_sink(object) == object);
	obj_unref(object);
	CHECK(obj_frees() == 2);
}

/* --- connections that everybody shares --- */

static void disconnect(void *conn)
{
	CHECK(conn_disconnect(*(uint32_t *)conn) == 0);
}

static void connections_that_everybody_shares(void)
{
	struct side closer;
	uint32_t conn = conn_connect();
	CHECK(conn_send(conn) == 1);
	start(&closer, "closer", disconnect, &conn);
	join(&closer);
	CHECK(conn_send(conn) == -EBADF);
}

/* --- handles made from others --- */

static void handles_made_from_others(void)
{
	db *refusing = db_open(), *ending = db_open(), *kept = db_open(), *closed = db_open();
	db_query_handle *one = db_query(refusing), *other = db_query(ending), *third = db_query(kept),
	                *orphan = db_query(closed);
	CHECK(db_try_close(refusing) == 5 && db_step(one) == 1);
	db_finish(one);
	CHECK(db_try_close(refusing) == 0);
	db_close_all(ending);
	CHECK(db_step(other) == 21);
	db_leave(kept);
	CHECK(db_step(third) == 1);
	db_finish(third);
	db_close(closed);
	CHECK(db_step(orphan) == 21);
	db_finish(orphan);
}

/* --- functions that end everything --- */

static void functions_that_end_everything(void)
{
	net_link *one = net_link_open();
	CHECK(net_link_send(one) == 1 && net_shutdown() == 0);
	CHECK(net_link_send(one) == -EPIPE);
	CHECK(net_link_send(net_link_open()) == 1);
	CHECK(net_shutdown() == 0);
}

/* --- one function for several kinds --- */

static void one_function_for_several_kinds(void)
{
	void *session, *cursor;
	CHECK(odb_alloc(ODB_SESSION, NULL, &session) == 0 && odb_alloc(ODB_CURSOR, session, &cursor) == 0);
	CHECK(odb_fetch(cursor) == 1 && odb_free(ODB_CURSOR, cursor) == 0);
	CHECK(odb_fetch(cursor) == -1);
	CHECK(odb_free(ODB_SESSION, session) == 0);
}

/* --- one handle becomes others --- */

static void one_handle_becomes_others(void)
{
	net_half *reader, *writer;
	CHECK(net_duplex_split(net_duplex_open(), &reader, &writer) == 1 && !writer);
	CHECK(net_half_read(reader) == 1 && net_half_close(reader) == 0);
	CHECK(net_half_read(reader) == -EPIPE);
}

/* --- what a turned-away call leaves --- */

static void late_stats(db *d)
{
	struct db_stats stats = db_stats(d);
	CHECK(stats.reads == 0 && stats.writes == 0 && stats.misses == 0);
}

static void what_a_turned_away_call_leaves(void)
{
	db *d = db_open();
	uint64_t sizes[3] = {1, 2, 3};
	int more = 9;
	CHECK(db_ping(d) == 0 && db_rows(d) == 5 && db_ratio(d) == 0.5 && db_stats(d).misses == 3);
	db_close(d);
	errno = 0;
	CHECK(db_ping(d) == -1 && errno == EBADF);
	CHECK(db_rows(d) == -EBADF && db_ratio(d) == -1.5 && db_name(d) == NULL);
	CHECK(strcmp(db_error(d), "this database is closed") == 0);
	struct db_range range = db_range(d);
	CHECK(range.first == 0 && range.last == 0);
	dirty_stack();
	late_stats(d);
	CHECK(db_sizes(d, sizes, 2, &more) == -1 && !sizes[0] && !sizes[1] && sizes[2] == 3 && more == 0);
}

/* --- what is no handle --- */

static void what_is_no_handle(void)
{
	net_parcel *parcel = net_parcel_new();
	uint64_t garbage[4] = {0};
	CHECK(net_parcel_size(parcel) == 1 && net_parcel_after(parcel, NULL) == 1);
	CHECK(net_parcel_size(NULL) == -EPIPE && net_parcel_after(NULL, parcel) == -EPIPE);
	CHECK(net_parcel_size((net_parcel *)garbage) == -EPIPE);
	CHECK(!net_parcel_name(NULL));
	net_parcel_free(parcel);
	net_parcel_free(NULL);
}

/* --- handles that are numbers --- */

static void handles_that_are_numbers(void)
{
	int port = net_port_open();
	CHECK(net_port_send(-1) == 0 && net_port_send(port) == 1);
	CHECK(net_port_send(port & 0xff) == 1);
	CHECK(net_port_close(port) == 0);
	CHECK(net_port_send(port) == -EBADF);
}

/* --- a free that does not wait --- */

static void a_free_that_does_not_wait(void)
{
	struct side user;
	net_stream *stream = net_stream_open();
	start(&user, "user", receive, stream);
	box_await_parked((struct box *)stream, 1);
	CHECK(net_stream_finish(stream) == 1 && gate_frees() == 0);
	box_let_go((struct box *)stream);
	join(&user);
	CHECK(gate_frees() == 1);
}

/* --- a free on a thread that holds an interpreter's lock --- */

static void finish_stream(void *stream)
{
	CHECK(net_stream_finish(stream) == 0);
}

static void a_free_on_a_thread_that_holds_an_interpreter_s_lock(void)
{
	net_stream *stream = net_stream_open();
	free_during(receive, stream, finish_stream, stream, cancel);
	CHECK(gate_frees() == 1);
}

/* --- a free that gives up --- */

static void a_free_that_gives_up(void)
{
	struct side user;
	net_stream *stream = net_stream_open();
	start(&user, "user", receive, stream);
	box_await_parked((struct box *)stream, 1);
	CHECK(net_stream_finish(stream) == -EPIPE && gate_frees() == 0);
	CHECK(net_stream_cancel(stream) == 0);
	join(&user);
	CHECK(gate_frees() == 1);
}

/* --- a free that can fail, and one that waits by itself --- */

static void join_node(void *node)
{
	CHECK(net_node_join(node) == 0);
}

static void a_free_that_can_fail_and_one_that_waits_by_itself(void)
{
	struct side joiner;
	net_node *node = net_node_new();
	((struct box *)node)->busy = true;
	CHECK(net_node_close(node) == 16);
	start(&joiner, "joiner", join_node, node);
	box_await_parked((struct box *)node, 1);
	CHECK(net_node_ping(node) == 1);
	box_let_go((struct box *)node);
	join(&joiner);
	CHECK(net_node_ping(node) == -EPIPE);
}

/* --- several handles from one call --- */

static void read_next(void *reader)
{
	CHECK(db_reader_next(reader) == 1);
}

static void close_db(void *d)
{
	db_close(d);
}

static void several_handles_from_one_call(void)
{
	db *d = db_open();
	db_reader *reader, *lone;
	db_writer *writer, *none;
	CHECK(db_split(d, &reader, &writer) == 0 && db_copy(reader, writer) == 0);
	((struct box *)d)->busy = true;
	CHECK(db_split(d, &lone, &none) == 1);
	db_reader_close(lone);
	box_let_go((struct box *)d);
	CHECK(db_split(d, &lone, &none) == 5);
	db_writer_close(writer);
	CHECK(db_copy(reader, writer) == 21);
	free_during(read_next, reader, close_db, d, let_box_go);
	db_reader_close(reader);
}

/* --- handles behind pointers, and on the stack --- */

static void handles_behind_pointers_and_on_the_stack(void)
{
	net_stream *old = net_stream_open(), *stream = old, *other = net_stream_open();
	struct net_route route = {other, old};
	net_stream *both[] = {other, old};
	CHECK(net_stream_move(&route) == 0 && net_stream_flush(both, 2) == 0);
	CHECK(net_stream_log(1, 2, 3, 4, 5, 6, old) == 21);
	net_stream_end(&stream);
	CHECK(stream == NULL);
	CHECK(net_stream_move(&route) == -EPIPE && net_stream_flush(both, 2) == -EPIPE);
	CHECK(net_stream_log(1, 2, 3, 4, 5, 6, old) == -EPIPE);
	net_stream_end(&other);
}

static const struct {
	const char *name;
	void (*run)(void);
} examples[] = {
    {"the-manifest", the_manifest},
    {"one-thread-at-a-time", one_thread_at_a_time},
    {"addresses-that-come-again", addresses_that_come_again},
    {"handles-with-several-holders", handles_with_several_holders},
    {"connections-that-everybody-shares", connections_that_everybody_shares},
    {"handles-made-from-others", handles_made_from_others},
    {"functions-that-end-everything", functions_that_end_everything},
    {"one-function-for-several-kinds", one_function_for_several_kinds},
    {"one-handle-becomes-others", one_handle_becomes_others},
    {"what-a-turned-away-call-leaves", what_a_turned_away_call_leaves},
    {"what-is-no-handle", what_is_no_handle},
    {"handles-that-are-numbers", handles_that_are_numbers},
    {"a-free-that-does-not-wait", a_free_that_does_not_wait},
    {"a-free-on-a-thread-that-holds-an-interpreter-s-lock", a_free_on_a_thread_that_holds_an_interpreter_s_lock},
    {"a-free-that-gives-up", a_free_that_gives_up},
    {"a-free-that-can-fail-and-one-that-waits-by-itself", a_free_that_can_fail_and_one_that_waits_by_itself},
    {"several-handles-from-one-call", several_handles_from_one_call},
    {"handles-behind-pointers-and-on-the-stack", handles_behind_pointers_and_on_the_stack},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < sizeof examples / sizeof *examples; i++) {
		if (strcmp(argv[1], examples[i].name) != 0)
			continue;
		examples[i].run();
		CHECK(gate_violations() == 0);
		return 0;
	}
	return 2;
}
