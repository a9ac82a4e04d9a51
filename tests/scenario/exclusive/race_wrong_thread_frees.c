/* Handles that are only for the thread that created them are freed by another one: when it is called, and when it
 * returns. Who comes second is told of for that alone.
 *
 * observed: same
 * finding: wrong-thread diary d; call gate_diary_close in close_diary on closer; create gate_diary_open in main
 * finding: repeat-free diary d; call gate_diary_close in main; free gate_diary_close in close_diary on closer;
 *     create gate_diary_open in main
 * finding: repeat-free diary d; call gate_diary_close in close_diary on second; free gate_diary_close in close_diary on closer;
 *     create gate_diary_open in main
 * finding: wrong-thread diary f; call gate_diary_finish in finish_diary on finisher; create gate_diary_open in main
 * recording: handles.diary.freed=2 handles.diary.live=0
 */
#include "scenario.h"

static sem_t closed, over;

/* The threads stay till the end, and their names with them. */
static void close_diary(void *diary)
{
	gate_diary_close(diary);
	sem_post(&closed);
	sem_wait(&over);
}

static void finish_diary(void *diary)
{
	gate_diary_finish(diary);
	sem_post(&closed);
	sem_wait(&over);
}

int main(void)
{
	struct side sides[3];
	gate *diary = gate_diary_open(), *finished = gate_diary_open();
	tell("d", diary);
	tell("f", finished);
	CHECK(sem_init(&closed, 0, 0) == 0 && sem_init(&over, 0, 0) == 0);
	start(&sides[0], "closer", close_diary, diary);
	sem_wait(&closed);
	gate_diary_close(diary);
	start(&sides[1], "second", close_diary, diary);
	sem_wait(&closed);
	start(&sides[2], "finisher", finish_diary, finished);
	sem_wait(&closed);
	for (int i = 0; i < 3; i++)
		sem_post(&over);
	for (int i = 0; i < 3; i++)
		join(&sides[i]);
	return 0;
}
