/* Handles that are only for the thread that created them: that thread frees them, or another one by the function that
 * may come from any, or a thread of the library's own; a child frees what it has inherited; and of one whose create was
 * not seen nobody knows whose it is.
 *
 * observed: same
 * recordings: 2
 * recording: handles.diary.created=4 handles.diary.adopted=1 handles.diary.freed=5
 * child: handles.diary.freed=1
 */
#include <sys/wait.h>

#include "scenario.h"

static void give_back(void *diary)
{
	gate_diary_give_back(diary);
}

static void close_unseen(void *diary)
{
	gate_diary_close(diary);
}

int main(void)
{
	struct side other;
	gate *inherited = gate_diary_open();
	gate_diary_close(gate_diary_open());
	start(&other, "other", give_back, gate_diary_open());
	join(&other);
	gate_diary_close_elsewhere(gate_diary_open());
	start(&other, "other", close_unseen, gate_open_unseen());
	join(&other);
	pid_t child = fork();
	if (child == 0) {
		gate_diary_close(inherited);
		exit(0);
	}
	await_child(child);
	gate_diary_close(inherited);
	CHECK(gate_violations() == 0 && gate_frees() == 5);
	return 0;
}
