/* Connections that a process shares: the same server has the same id, whoever connects. */
#include <errno.h>

#include "box.h"
#include "gate.h"

struct line {
	int server;
	struct box *box; /* null: the id is free */
	int users;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct line lines[GATE_LINES_MOST];
static _Atomic int cut;
static _Atomic bool busy;

static int find(int server)
{
	for (int id = 0; id < GATE_LINES_MOST; id++)
		if (lines[id].box && lines[id].server == server)
			return id;
	for (int id = 0; id < GATE_LINES_MOST; id++)
		if (!lines[id].box)
			return id;
	return -1;
}

static int connect_line(int server)
{
	pthread_mutex_lock(&lock);
	int id = find(server);
	if (id >= 0 && !lines[id].box)
		lines[id] = (struct line){server, box_new(), 0};
	if (id >= 0)
		lines[id].users++;
	pthread_mutex_unlock(&lock);
	return id;
}

/* For everybody, or only for one user: what is to be freed then. */
static struct box *take_line(int id, bool for_everybody)
{
	pthread_mutex_lock(&lock);
	struct box *box = lines[id].box;
	bool last = box && --lines[id].users == 0;
	if (last || for_everybody)
		lines[id].box = NULL;
	pthread_mutex_unlock(&lock);
	return last || for_everybody ? box : NULL;
}

static int disconnect_line(int id)
{
	if (busy)
		return -EBUSY;
	struct box *box = take_line(id, true);
	if (!box)
		return -EBADF;
	box_free(box);
	return 0;
}

static int leave_line(int id)
{
	struct box *box = take_line(id, false);
	if (box)
		box_free(box);
	return 0;
}

static struct box *box_of(int id)
{
	pthread_mutex_lock(&lock);
	struct box *box = lines[id].box;
	pthread_mutex_unlock(&lock);
	cut += !box;
	return box;
}

static int send_on(int id)
{
	struct box *box = box_of(id);
	if (!box)
		return -EBADF;
	box_enter(box);
	box_leave(box);
	return 1;
}

static int wait_on(int id)
{
	struct box *box = box_of(id);
	if (!box)
		return -EBADF;
	box_enter(box);
	box_park(box);
	box_leave(box);
	return 2;
}

void gate_lines_await_parked(int id)
{
	box_await_parked(lines[id].box, 1);
}

void gate_lines_let_go(int id)
{
	box_let_go(lines[id].box);
}

int gate_lines_live(void)
{
	int live = 0;
	for (int id = 0; id < GATE_LINES_MOST; id++)
		live += lines[id].box != NULL;
	return live;
}

void gate_lines_set_busy(bool on)
{
	busy = on;
}

int gate_lines_cut(void)
{
	return cut;
}

#define KIND(kind, leave)                                                                                              \
	int gate_##kind##_connect(int server)                                                                          \
	{                                                                                                              \
		return connect_line(server);                                                                           \
	}                                                                                                              \
	int gate_##kind##_send(int id)                                                                                 \
	{                                                                                                              \
		return send_on(id);                                                                                    \
	}                                                                                                              \
	int gate_##kind##_wait(int id)                                                                                 \
	{                                                                                                              \
		return wait_on(id);                                                                                    \
	}                                                                                                              \
	int gate_##kind##_disconnect(int id)                                                                           \
	{                                                                                                              \
		return leave(id);                                                                                      \
	}

KIND(line, disconnect_line)
KIND(wire, disconnect_line)
KIND(cable, disconnect_line)
KIND(door, leave_line)
