/* Tasks that loops run, with hints that stay their owner's, and a sink that becomes theirs. */
#include "box.h"
#include "examples.h"

struct task {
	struct box box;
	struct box *hints, *sink;
	struct loop *loop;
};

enum { TASKS = 2 };

struct loop {
	struct box box;
	struct task *tasks[TASKS];
};

net_loop *net_loop_new(void)
{
	return (net_loop *)box_new_of(sizeof(struct loop));
}

static void use(struct task *task, void (*visit)(struct box *box))
{
	if (!task)
		return;
	visit(&task->box);
	if (task->hints)
		visit(task->hints);
}

int net_loop_run(net_loop *loop)
{
	struct loop *it = (struct loop *)loop;
	box_enter(&it->box);
	for (int i = 0; i < TASKS; i++)
		use(it->tasks[i], box_enter);
	box_park(&it->box);
	for (int i = 0; i < TASKS; i++)
		use(it->tasks[i], box_leave);
	box_leave(&it->box);
	return 0;
}

static int put(struct loop *loop, const struct task *task, struct task *instead)
{
	for (int i = 0; i < TASKS; i++)
		if (loop->tasks[i] == task) {
			loop->tasks[i] = instead;
			return 0;
		}
	return 1;
}

int net_loop_add(net_loop *loop, net_task *task)
{
	((struct task *)task)->loop = (struct loop *)loop;
	return put((struct loop *)loop, NULL, (struct task *)task);
}

void net_loop_remove(net_loop *loop, net_task *task)
{
	((struct task *)task)->loop = NULL;
	put((struct loop *)loop, (struct task *)task, NULL);
}

void net_loop_free(net_loop *loop)
{
	box_free((struct box *)loop);
}

net_task *net_task_new(void)
{
	return (net_task *)box_new_of(sizeof(struct task));
}

int net_task_set(net_task *task, int option, net_hints *hints)
{
	if (option == NET_TASK_HINTS)
		((struct task *)task)->hints = (struct box *)hints;
	return 0;
}

void net_task_reset(net_task *task)
{
	((struct task *)task)->hints = NULL;
}

int net_task_send_to(net_task *task, net_sink *sink)
{
	((struct task *)task)->sink = (struct box *)sink;
	return 0;
}

void net_task_free(net_task *task)
{
	struct task *it = (struct task *)task;
	if (it->loop)
		put(it->loop, it, NULL);
	if (it->sink)
		box_free(it->sink);
	box_free(&it->box);
}

net_hints *net_hints_new(void)
{
	return (net_hints *)box_new();
}

void net_hints_free(net_hints *hints)
{
	box_free((struct box *)hints);
}

net_sink *net_sink_new(void)
{
	return (net_sink *)box_new();
}

void net_sink_free(net_sink *sink)
{
	box_free((struct box *)sink);
}
