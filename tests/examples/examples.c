/* Usage: examples_program EXAMPLE
 * Does with the manual's library what the example of that name is about; test_examples.py knows what must be
 * reported. */
#include "examples.h"

#include "parts.h"
#include "scenario.h"

void free_during(void (*op)(void *), void *op_handle, void (*end)(void *), void *handle, void (*let_go)(void *))
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

void let_box_go(void *handle)
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

static void close_draft(void *draft)
{
	db_draft_close(draft);
}

static void give_draft_back(void *draft)
{
	db_draft_give_back(draft);
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
	start(&stranger, "stranger", close_draft, draft);
	join(&stranger);
	start(&stranger, "stranger", give_draft_back, db_draft_open());
	join(&stranger);
	db_cursor_close(cursor);
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

/* --- what holds a counted handle --- */

static void what_holds_a_counted_handle(void)
{
	net_hub *hub = net_hub_open();
	net_leaf *leaf = net_leaf_new(hub);
	CHECK(net_hub_ref(hub) == hub);
	CHECK(net_hub_close(hub) == 2 && net_hub_close(hub) == 1);
	CHECK(net_leaf_size(leaf) == 1 && !net_leaf_new(hub));
	net_leaf_free(leaf);
	CHECK(gate_frees() == 2);
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

/* --- children of several kinds --- */

static void children_of_several_kinds(void)
{
	kv_txn *writing = kv_begin(0), *reading = kv_begin(1);
	kv_scanner *ended = kv_scan(writing), *kept = kv_scan(reading);
	kv_blob_handle *blob = kv_blob(writing);
	CHECK(kv_blob_size(blob) == 1);
	kv_end(writing);
	kv_end(reading);
	CHECK(kv_scan_next(ended) == 22 && kv_scan_next(kept) == 1 && kv_blob_size(blob) == 22);
	kv_scan_close(kept);
	kv_blob_free(blob);
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

/* --- functions that end what was made from a handle --- */

static void functions_that_end_what_was_made_from_a_handle(void)
{
	net_session *session = net_session_new();
	net_channel *channel = net_channel_open(session);
	CHECK(net_session_connect(session) == 1 && net_channel_write(channel) == 1);
	net_disconnect(session);
	CHECK(net_channel_write(channel) == -1 && net_session_connect(session) == 1);
	CHECK(net_channel_write(net_channel_open(session)) == 1);
	net_session_free(session);
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

/* --- what a forked child inherits --- */

static void what_a_forked_child_inherits(void)
{
	net_account *account = net_account_open();
	pid_t child = fork();
	if (child == 0) {
		CHECK(net_account_spend(account) == 1);
		net_account_close(account);
		CHECK(net_account_spend(account) == 1);
		exit(0);
	}
	await_child(child);
	CHECK(net_account_spend(account) == 1);
	net_account_close(account);
}

/* --- an end in two steps --- */

static void read_pipe(void *pipe)
{
	CHECK(net_pipe_read(pipe) == 0);
}

static void an_end_in_two_steps(void)
{
	struct side reader;
	net_pipe *pipe = net_pipe_open();
	start(&reader, "reader", read_pipe, pipe);
	box_await_parked((struct box *)pipe, 1);
	CHECK(net_pipe_close(pipe) == 0);
	join(&reader);
	CHECK(net_pipe_read(pipe) == -EPIPE);
	net_pipe_dispose(pipe);
}

/* --- a library that frees when it is done --- */

static int close_feed(net_feed *feed)
{
	CHECK(net_feed_close(feed) == 0);
	return 1;
}

static int ask_feed(net_feed *feed)
{
	CHECK(net_feed_ask(feed) == 1);
	return 0;
}

static void a_library_that_frees_when_it_is_done(void)
{
	net_feed *closed = net_feed_open(), *ended = net_feed_open();
	CHECK(net_feed_run(closed, close_feed) == 1);
	CHECK(net_feed_ask(closed) == -EPIPE);
	CHECK(net_feed_run(ended, ask_feed) == 0);
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

/* --- a free that has the op woken, and one on a thread that holds an interpreter's lock --- */

static void finish_stream(void *stream)
{
	CHECK(net_stream_finish(stream) == 0);
}

static void a_free_that_has_the_op_woken(void)
{
	struct side user;
	net_stream *other = net_stream_open(), *stream = net_stream_open();
	CHECK(net_stream_cancel(other) == 0 && net_stream_finish(other) == 0);
	start(&user, "user", receive, stream);
	box_await_parked((struct box *)stream, 1);
	CHECK(net_stream_finish(stream) == 0 && gate_frees() == 2);
	join(&user);
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

/* --- borrowed handles --- */

static void borrowed_handles(void)
{
	net_page *page = net_page_open();
	net_word *word = net_page_word(page);
	CHECK(net_word_length(word) == 1 && net_page_word(page) == word && net_word_length(word) == 1);
	net_page_close(page);
	CHECK(net_word_length(word) == -EPIPE);
}

/* --- memory of the program's own --- */

static void memory_of_the_program_s_own(void)
{
	net_codec codec, copy;
	for (int i = 0; i < 3; i++) {
		CHECK(net_codec_init(&codec) == 0 && net_codec_run(&codec) == 1);
		CHECK(net_codec_end(&codec) == 0);
	}
	CHECK(net_codec_run(&codec) == -EPIPE && net_codec_end(&codec) == -EPIPE);
	CHECK(net_codec_init(&codec) == 0 && net_codec_copy(&copy, &codec) == 0 && net_codec_init(&codec) == 0);
	CHECK(net_codec_renew(&codec) == 0 && net_codec_run(&codec) == 1);
	CHECK(net_codec_end(&codec) == 0 && net_codec_end(&copy) == 0);
}

/* --- handles in arrays and structs --- */

static void handles_in_arrays_and_structs(void)
{
	int pair[2];
	struct net_end_in some[2], one;
	CHECK(net_end_pair(pair) == 0 && net_end_some(2, some) == 0 && net_end_open(&one) == 0);
	CHECK(net_end_both(pair) == 2 && net_end_send(some[1].end) == 1 && net_end_send(one.end) == 1);
	CHECK(net_end_close(pair[1]) == 0 && net_end_both(pair) == -EBADF && net_end_send(pair[0]) == 1);
	CHECK(net_end_close(some[0].end) == 0 && net_end_send(some[0].end) == -EBADF);
	CHECK(net_end_close(some[1].end) == 0 && net_end_close(pair[0]) == 0 && net_end_close(one.end) == 0);
}

static const struct {
	const char *name;
	void (*run)(void);
} examples[] = {
    {"the-manifest", the_manifest},
    {"one-thread-at-a-time", one_thread_at_a_time},
    {"addresses-that-come-again", addresses_that_come_again},
    {"functions-that-a-library-may-lack", addresses_that_come_again},
    {"handles-with-several-holders", handles_with_several_holders},
    {"what-holds-a-counted-handle", what_holds_a_counted_handle},
    {"what-a-library-counts-for-itself", what_a_library_counts_for_itself},
    {"connections-that-everybody-shares", connections_that_everybody_shares},
    {"handles-made-from-others", handles_made_from_others},
    {"children-of-several-kinds", children_of_several_kinds},
    {"functions-that-end-everything", functions_that_end_everything},
    {"functions-that-end-what-was-made-from-a-handle", functions_that_end_what_was_made_from_a_handle},
    {"one-function-for-several-kinds", one_function_for_several_kinds},
    {"one-handle-becomes-others", one_handle_becomes_others},
    {"what-a-turned-away-call-leaves", what_a_turned_away_call_leaves},
    {"what-a-native-method-of-java-throws", what_a_native_method_of_java_throws},
    {"a-library-as-a-whole", a_library_as_a_whole},
    {"a-library-that-tears-itself-down-as-the-process-ends", a_library_that_tears_itself_down_as_the_process_ends},
    {"handles-that-come-from-where-nobody-sees-it", handles_that_come_from_where_nobody_sees_it},
    {"functions-in-tables", functions_in_tables},
    {"what-is-no-handle", what_is_no_handle},
    {"what-a-forked-child-inherits", what_a_forked_child_inherits},
    {"an-end-in-two-steps", an_end_in_two_steps},
    {"a-library-that-frees-when-it-is-done", a_library_that_frees_when_it_is_done},
    {"handles-that-are-numbers", handles_that_are_numbers},
    {"a-free-that-does-not-wait", a_free_that_does_not_wait},
    {"a-free-that-has-the-op-woken", a_free_that_has_the_op_woken},
    {"a-free-on-a-thread-that-holds-an-interpreter-s-lock", a_free_on_a_thread_that_holds_an_interpreter_s_lock},
    {"a-free-that-gives-up", a_free_that_gives_up},
    {"a-free-that-can-fail-and-one-that-waits-by-itself", a_free_that_can_fail_and_one_that_waits_by_itself},
    {"several-handles-from-one-call", several_handles_from_one_call},
    {"handles-behind-pointers-and-on-the-stack", handles_behind_pointers_and_on_the_stack},
    {"borrowed-handles", borrowed_handles},
    {"handles-that-are-attached-to-others", handles_that_are_attached_to_others},
    {"memory-of-the-program-s-own", memory_of_the_program_s_own},
    {"handles-in-arrays-and-structs", handles_in_arrays_and_structs},
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
