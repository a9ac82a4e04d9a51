/* Usage: MQTT_SOCKET=SOCKET world_libmosquitto quiet|race
 * `quiet` has clients talk to a broker, whose loops run on a thread of the library's, on one of the program's, and call
 * by call. `race` destroys a client while another thread is in its loop, and uses it and destroys it afterwards. */
#include <mosquitto.h>
#include <semaphore.h>
#include <stdbool.h>
#include <string.h>

#include "quiet.h"

struct talk {
	sem_t is_connected;
	atomic_int heard;
};

static void connected(struct mosquitto *client, void *talk, int result)
{
	MUST(client && result == 0);
	sem_post(&((struct talk *)talk)->is_connected);
}

static void heard(struct mosquitto *client, void *talk, const struct mosquitto_message *message)
{
	MUST(strcmp(message->topic, "letters") == 0 && message->payloadlen == 1);
	((struct talk *)talk)->heard++;
	MUST(mosquitto_disconnect(client) == 0);
}

static void subscribed(struct mosquitto *client, void *talk, int id, int count, const int *granted)
{
	MUST(talk && id > 0 && count == 1 && granted);
	MUST(mosquitto_publish(client, NULL, "letters", 1, "a", 0, false) == 0);
}

static struct mosquitto *client_for(struct talk *talk)
{
	struct mosquitto *client = mosquitto_new(NULL, true, talk);

	MUST(client && sem_init(&talk->is_connected, 0, 0) == 0);
	mosquitto_connect_callback_set(client, connected);
	mosquitto_message_callback_set(client, heard);
	mosquitto_subscribe_callback_set(client, subscribed);
	return client;
}

static void connect_to_broker(struct mosquitto *client)
{
	MUST(mosquitto_connect(client, getenv("MQTT_SOCKET"), 0, 60) == 0);
}

/* ---- What is allowed ---- */

static void loop_on_a_thread_of_the_library(void)
{
	struct talk talk = {.heard = 0};
	struct mosquitto *client = client_for(&talk);

	connect_to_broker(client);
	MUST(mosquitto_loop_start(client) == 0);
	sem_wait(&talk.is_connected);
	MUST(mosquitto_subscribe(client, NULL, "letters", 0) == 0);
	MUST(mosquitto_loop_stop(client, false) == 0); /* a message ends it */
	MUST(talk.heard > 0);
	mosquitto_destroy(client);
}

static void *loop(void *client)
{
	mosquitto_loop_forever(client, -1, 1);
	return NULL;
}

static void loop_on_a_thread_of_its_own(void)
{
	struct talk talk = {.heard = 0};
	struct mosquitto *client = client_for(&talk);

	MUST(mosquitto_threaded_set(client, true) == 0);
	connect_to_broker(client);
	pthread_t thread = start(loop, client);
	sem_wait(&talk.is_connected);
	MUST(mosquitto_disconnect(client) == 0);
	join(thread);
	mosquitto_destroy(client);
}

static void loop_by_hand(void)
{
	struct talk talk = {.heard = 0};
	struct mosquitto *client = client_for(&talk);

	connect_to_broker(client);
	while (sem_trywait(&talk.is_connected) != 0)
		MUST(mosquitto_loop(client, 10, 1) == 0);
	MUST(mosquitto_subscribe(client, NULL, "letters", 0) == 0);
	while (!talk.heard && mosquitto_loop(client, 10, 1) == 0)
		continue;
	MUST(talk.heard > 0);
	MUST(mosquitto_reinitialise(client, NULL, true, &talk) == 0 && mosquitto_socket(client) == -1);
	mosquitto_destroy(client);
}

static void quiet(void)
{
	for (int i = 0; i < 3; i++) {
		loop_on_a_thread_of_the_library();
		loop_on_a_thread_of_its_own();
		loop_by_hand();
	}
}

/* ---- What is not ---- */

static void race(void)
{
	struct talk talk = {.heard = 0};
	struct mosquitto *client = client_for(&talk);

	MUST(mosquitto_threaded_set(client, true) == 0);
	connect_to_broker(client);
	pthread_t thread = start(loop, client);
	sem_wait(&talk.is_connected);
	mosquitto_destroy(client); /* gives up at the deadline */
	MUST(mosquitto_publish(client, NULL, "letters", 1, "a", 0, false) == MOSQ_ERR_INVAL);
	MUST(mosquitto_disconnect(client) == 0); /* still wakes the loop */
	join(thread);
	MUST(mosquitto_socket(client) == -1);
	mosquitto_destroy(client);
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && mosquitto_lib_init() == 0);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	mosquitto_lib_cleanup();
	return 0;
}
