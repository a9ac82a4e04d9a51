#include "worker.h"

#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

static struct {
	sem_t asked, answered;
	void (*work)(void *);
	void *argument;
	pthread_t thread;
} worker;

static void *serve(void *unused)
{
	for (;;) {
		sem_wait(&worker.asked);
		if (!worker.work)
			return unused;
		worker.work(worker.argument);
		sem_post(&worker.answered);
	}
}

void start_worker(void)
{
	sem_init(&worker.asked, 0, 0);
	sem_init(&worker.answered, 0, 0);
	pthread_create(&worker.thread, NULL, serve, NULL);
}

void ask_worker(void (*work)(void *), void *argument)
{
	worker.work = work;
	worker.argument = argument;
	sem_post(&worker.asked);
}

void await_worker(void)
{
	sem_wait(&worker.answered);
}

void end_worker(void)
{
	ask_worker(NULL, NULL);
	pthread_join(worker.thread, NULL);
}
