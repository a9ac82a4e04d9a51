/* Examples of handles that calls do not show: where they begin, where they end, or which they are. */
#include "examples.h"
#include "parts.h"
#include "scenario.h"

/* --- a library that tears itself down as the process ends --- */

static db_table *left_open;

static void ask_late(void)
{
	CHECK(db_table_rows(left_open) == 21 && gate_violations() == 0);
}

void a_library_that_tears_itself_down_as_the_process_ends(void)
{
	CHECK(atexit(ask_late) == 0);
	db_table *closed = db_table_open();
	left_open = db_table_open();
	CHECK(db_table_rows(closed) == 1 && db_table_rows(left_open) == 1);
	db_table_close(closed);
}

/* --- handles that come from where nobody sees it --- */

static void fill_tensor(void *tensor)
{
	CHECK(net_tensor_fill(tensor) == 2);
}

static void free_tensor(void *tensor)
{
	net_tensor_free(tensor);
}

void handles_that_come_from_where_nobody_sees_it(void)
{
	net_tensor *batch[2];
	gate_recycle(true);
	net_tensor *first = net_tensor_new();
	CHECK(net_tensor_size(first) == 1);
	net_tensor_free(first);
	net_tensor_batch(2, batch);
	CHECK(batch[0] == first && net_tensor_size(first) == 1);
	net_tensor_free(first);
	net_tensor_batch(1, batch);
	net_tensor_free(batch[0]);
	free_during(fill_tensor, batch[1], free_tensor, batch[1], let_box_go);
}

/* --- a library as a whole --- */

static void listen(void *band)
{
	CHECK(net_band_listen(band) == 2);
}

void a_library_as_a_whole(void)
{
	struct side listener;
	CHECK(net_radio_start() == 0 && net_radio_start() == 0);
	net_band *band = net_band_open();
	CHECK(net_radio_stop() == 0 && net_radio_count() == 1);
	start(&listener, "listener", listen, band);
	box_await_parked((struct box *)band, 1);
	CHECK(net_mixer_set() == 1);
	let_box_go(band);
	join(&listener);
	CHECK(net_radio_stop() == 0 && net_radio_count() == -EPIPE && net_band_listen(band) == -EPIPE);
}

/* --- what a native method of Java throws: nothing, where it was not Java that called --- */

void what_a_native_method_of_java_throws(void)
{
	void *stream = Java_Stream_open(NULL, NULL);
	CHECK(Java_Stream_read(NULL, NULL, stream) == 1);
	Java_Stream_close(NULL, NULL, stream);
	CHECK(Java_Stream_read(NULL, NULL, stream) == -1);
}
