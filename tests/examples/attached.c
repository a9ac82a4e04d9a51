/* Examples of handles that hold others: by being attached to them, given to them, or made from them. */
#include "examples.h"

#include "parts.h"
#include "scenario.h"

static void run_loop(void *loop)
{
	CHECK(net_loop_run(loop) == 0);
}

static void free_task(void *task)
{
	net_task_free(task);
}

/* One task is freed under the loop that runs it; the other one's hints are gone when it is run. */
void handles_that_are_attached_to_others(void)
{
	net_loop *loop = net_loop_new();
	net_task *task = net_task_new(), *other = net_task_new();
	net_hints *hints = net_hints_new();
	net_sink *sink = net_sink_new();
	CHECK(net_loop_add(loop, task) == 0 && net_task_set(task, NET_TASK_HINTS, hints) == 0);
	free_during(run_loop, loop, free_task, task, let_box_go);
	CHECK(net_loop_run(loop) == 0);
	CHECK(net_loop_add(loop, other) == 0 && net_task_set(other, NET_TASK_HINTS, hints) == 0);
	CHECK(net_task_send_to(other, sink) == 0);
	net_hints_free(hints);
	CHECK(net_loop_run(loop) == -EPIPE);
	net_task_reset(other);
	CHECK(net_loop_run(loop) == 0);
	net_sink_free(sink);
	net_loop_remove(loop, other);
	net_loop_free(loop);
	net_task_free(other);
}

/* --- what a library counts for itself --- */

void what_a_library_counts_for_itself(void)
{
	net_photo *photo = net_photo_open();
	net_print_free(net_print_new(photo));
	CHECK(net_photo_size(photo) == 1);
	net_photo_close(photo);
	CHECK(net_photo_size(photo) == -EPIPE && gate_frees() == 2);
}
