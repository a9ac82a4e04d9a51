/* Usage: world_librdkafka quiet|race
 * Talks to brokers that the library mocks by itself (test.mock.num.brokers), so that no server is needed. `quiet` does
 * what the documentation allows, with clients that several threads use. `race` destroys a client in a callback of
 * another thread's poll, and a queue that another thread polls; uses what the library has taken over; and destroys a
 * client twice, in a child that was forked too. */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <sys/wait.h>

#include "parked.h"
#include "quiet.h"

enum { FOREVER = -1, LONG = 60000 };

static char why[512], letter[] = "abc";

static rd_kafka_conf_t *conf_with(const char *names_and_values[][2])
{
	rd_kafka_conf_t *conf = rd_kafka_conf_new();

	for (int i = 0; names_and_values[i][0]; i++)
		MUST(rd_kafka_conf_set(conf, names_and_values[i][0], names_and_values[i][1], why, sizeof(why)) ==
		     RD_KAFKA_CONF_OK);
	return conf;
}

/* With brokers of its own. */
static rd_kafka_conf_t *mocking(void)
{
	const char *settings[][2] = {{"test.mock.num.brokers", "1"}, {"linger.ms", "0"}, {NULL, NULL}};

	return conf_with(settings);
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf)
{
	rd_kafka_t *rk = rd_kafka_new(type, conf, why, sizeof(why));

	MUST(rk);
	return rk;
}

static int produce(rd_kafka_topic_t *topic)
{
	return rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY, letter, strlen(letter), NULL, 0, NULL);
}

/* ---- What is allowed ---- */

static void configure(void)
{
	rd_kafka_topic_conf_t *mine = rd_kafka_topic_conf_new(), *lent;

	for (int i = 0; i < 3; i++) {
		rd_kafka_conf_t *conf = mocking(), *copy;
		MUST(rd_kafka_conf_set(conf, "acks", "1", why, sizeof(why)) == RD_KAFKA_CONF_OK);
		lent = rd_kafka_conf_get_default_topic_conf(conf);
		MUST(lent && rd_kafka_topic_conf_set(lent, "acks", "0", why, sizeof(why)) == RD_KAFKA_CONF_OK);
		copy = rd_kafka_conf_dup(conf);
		rd_kafka_conf_destroy(conf);
		rd_kafka_conf_set_default_topic_conf(copy, rd_kafka_topic_conf_dup(mine));
		rd_kafka_conf_destroy(copy);
	}
	rd_kafka_topic_conf_destroy(mine);
	rd_kafka_conf_t *wrong = rd_kafka_conf_new();
	MUST(rd_kafka_conf_set(wrong, "test.mock.num.brokers", "many", why, sizeof(why)) != RD_KAFKA_CONF_OK);
	MUST(rd_kafka_conf_set(wrong, "enable.idempotence", "true", why, sizeof(why)) == RD_KAFKA_CONF_OK);
	MUST(rd_kafka_conf_set(wrong, "acks", "1", why, sizeof(why)) == RD_KAFKA_CONF_OK);
	MUST(!rd_kafka_new(RD_KAFKA_PRODUCER, wrong, why, sizeof(why)));
	rd_kafka_conf_destroy(wrong); /* as the client was not made */
}

static atomic_int delivered;

static void count_delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *unused)
{
	(void)unused;
	MUST(message->err == 0 && rd_kafka_type(rk) == RD_KAFKA_PRODUCER && rd_kafka_message_broker_id(message) > 0);
	MUST(strcmp(rd_kafka_topic_name(message->rkt), "letters") == 0);
	delivered++;
}

static void *produce_there(void *rk)
{
	rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, "letters", rd_kafka_topic_conf_new());

	for (int i = 0; i < 10; i++)
		MUST(produce(topic) == 0);
	rd_kafka_topic_destroy(topic);
	return NULL;
}

static void produce_with_headers(rd_kafka_t *rk)
{
	for (int i = 0; i < 3; i++) {
		rd_kafka_headers_t *headers = rd_kafka_headers_new(1);
		MUST(rd_kafka_header_add(headers, "a", FOREVER, "b", FOREVER) == 0);
		MUST(rd_kafka_producev(rk, RD_KAFKA_V_TOPIC("letters"), RD_KAFKA_V_PARTITION(0),
		                       RD_KAFKA_V_VALUE(letter, 1), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
		                       RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END) == 0);
	}
}

static void produce_from_threads(void)
{
	const struct rd_kafka_metadata *metadata;
	rd_kafka_conf_t *conf = mocking();
	rd_kafka_conf_set_dr_msg_cb(conf, count_delivered);
	rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, conf);
	pthread_t threads[] = {start(produce_there, rk), start(produce_there, rk)};
	rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, "letters", NULL);

	produce_with_headers(rk);
	join(threads[0]);
	join(threads[1]);
	MUST(rd_kafka_metadata(rk, 0, topic, &metadata, LONG) == 0);
	rd_kafka_metadata_destroy(metadata);
	MUST(rd_kafka_flush(rk, LONG) == 0 && delivered == 23);
	MUST(rd_kafka_conf_get(rd_kafka_conf(rk), "client.id", NULL, &(size_t){0}) == RD_KAFKA_CONF_OK);
	rd_kafka_error_t *error = rd_kafka_init_transactions(rk, LONG); /* is not configured */
	MUST(error && rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__NOT_CONFIGURED && *rd_kafka_error_string(error));
	rd_kafka_error_destroy(error);
	rd_kafka_topic_destroy(topic);
	rd_kafka_destroy(rk);
}

static void rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t *partitions,
                      void *count)
{
	++*(int *)count;
	rd_kafka_topic_partition_list_t *copy = rd_kafka_topic_partition_list_copy(partitions);
	MUST(rd_kafka_assign(rk, what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS ? copy : NULL) == 0);
	rd_kafka_topic_partition_list_destroy(copy);
}

static rd_kafka_t *subscriber(const char *brokers, const char *group, int *rebalanced)
{
	const char *settings[][2] = {{"bootstrap.servers", brokers},
	                             {"group.id", group},
	                             {"auto.offset.reset", "earliest"},
	                             {"enable.auto.commit", "false"},
	                             {NULL, NULL}};
	rd_kafka_conf_t *conf = conf_with(settings);
	rd_kafka_conf_set_rebalance_cb(conf, rebalance);
	rd_kafka_conf_set_opaque(conf, rebalanced);
	rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, conf);
	rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
	rd_kafka_topic_partition_list_add(topics, "letters", RD_KAFKA_PARTITION_UA);
	MUST(rd_kafka_subscribe(rk, topics) == 0);
	rd_kafka_topic_partition_list_destroy(topics);
	return rk;
}

static void *read_letters(void *rk)
{
	for (int found = 0; found < 2;) {
		rd_kafka_headers_t *headers;
		rd_kafka_message_t *message = rd_kafka_consumer_poll(rk, 100);
		if (!message)
			continue;
		if (message->err == 0) {
			MUST(rd_kafka_message_headers(message, &headers) == RD_KAFKA_RESP_ERR__NOENT);
			MUST(strcmp(rd_kafka_topic_name(message->rkt), "letters") == 0);
			MUST(rd_kafka_commit_message(rk, message, 0) == 0);
			found++;
		}
		rd_kafka_message_destroy(message);
	}
	return NULL;
}

static void *close_and_destroy(void *brokers)
{
	int rebalanced = 0;
	rd_kafka_t *rk = subscriber(brokers, "who closes", &rebalanced);

	join(start(read_letters, rk));
	MUST(rd_kafka_commit_queue(rk, NULL, NULL, NULL, NULL) !=
	     RD_KAFKA_RESP_ERR__STATE); /* the queue may be left out */
	MUST(rd_kafka_consumer_close(rk) == 0 && rd_kafka_consumer_closed(rk));
	rd_kafka_destroy(rk);
	MUST(rebalanced == 2); /* one that assigns, one that revokes */
	return NULL;
}

/* To destroy it closes it. */
static void *destroy_only(void *brokers)
{
	int rebalanced = 0;
	rd_kafka_t *rk = subscriber(brokers, "who does not", &rebalanced);

	join(start(read_letters, rk));
	rd_kafka_destroy(rk);
	MUST(rebalanced == 2);
	return NULL;
}

/* Both at once, as brokers take their time to form a group. */
static void subscribe(void)
{
	rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, mocking());
	rd_kafka_topic_t *topic = rd_kafka_topic_new(producer, "letters", NULL);

	MUST(produce(topic) == 0);
	MUST(produce(topic) == 0);
	MUST(rd_kafka_flush(producer, LONG) == 0);
	rd_kafka_topic_destroy(topic);
	void *brokers = (void *)rd_kafka_mock_cluster_bootstraps(rd_kafka_handle_mock_cluster(producer));
	pthread_t one = start(close_and_destroy, brokers), other = start(destroy_only, brokers);
	join(one);
	join(other);
	rd_kafka_destroy(producer);
}

static sem_t event_is_there;

static void destroy_event(rd_kafka_t *rk, rd_kafka_event_t *event, void *unused)
{
	(void)unused;
	MUST(rd_kafka_type(rk) == RD_KAFKA_PRODUCER && rd_kafka_event_error(event) != 0);
	rd_kafka_event_destroy(event);
	sem_post(&event_is_there);
}

/* Mocked brokers cannot do that: there comes an event that says so. */
static void create_topic(rd_kafka_t *rk, rd_kafka_queue_t *queue)
{
	rd_kafka_NewTopic_t *topic = rd_kafka_NewTopic_new("more", 2, 1, why, sizeof(why));
	rd_kafka_AdminOptions_t *options = rd_kafka_AdminOptions_new(rk, RD_KAFKA_ADMIN_OP_CREATETOPICS);

	MUST(rd_kafka_AdminOptions_set_request_timeout(options, 1, why, sizeof(why)) == 0);
	rd_kafka_CreateTopics(rk, &topic, 1, options, queue);
	rd_kafka_AdminOptions_destroy(options);
	rd_kafka_NewTopic_destroy(topic);
}

static _Atomic pid_t poller;

static void *poll_queue(void *queue)
{
	poller = (pid_t)syscall(SYS_gettid);
	MUST(!rd_kafka_queue_poll(queue, FOREVER)); /* it is woken */
	return NULL;
}

static pthread_t start_poll(rd_kafka_queue_t *queue)
{
	poller = 0;
	pthread_t thread = start(poll_queue, queue);
	await_asleep(&poller);
	return thread;
}

static void use_queues(void)
{
	const rd_kafka_message_t *messages[1];
	rd_kafka_conf_t *conf = mocking();
	rd_kafka_conf_set_events(conf, RD_KAFKA_EVENT_DR);
	rd_kafka_conf_set_background_event_cb(conf, destroy_event);
	rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, conf);
	rd_kafka_queue_t *delivery = rd_kafka_queue_get_main(rk), *queue = rd_kafka_queue_new(rk),
	                 *background = rd_kafka_queue_get_background(rk);
	rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, "letters", NULL);

	for (int i = 0; i < 2; i++) {
		MUST(produce(topic) == 0);
		rd_kafka_event_t *event = rd_kafka_queue_poll(delivery, LONG);
		MUST(event && rd_kafka_event_type(event) == RD_KAFKA_EVENT_DR);
		MUST(rd_kafka_event_message_array(event, messages, 1) == 1);
		MUST(rd_kafka_message_status(messages[0]) == RD_KAFKA_MSG_STATUS_PERSISTED);
		rd_kafka_event_destroy(event);
	}
	create_topic(rk, background);
	sem_wait(&event_is_there);
	pthread_t thread = start_poll(queue);
	rd_kafka_queue_yield(queue);
	join(thread);
	rd_kafka_topic_destroy(topic);
	rd_kafka_queue_destroy(background);
	rd_kafka_queue_destroy(queue);
	rd_kafka_queue_destroy(delivery);
	rd_kafka_destroy(rk);
}

static void quiet(void)
{
	configure();
	produce_from_threads();
	subscribe();
	use_queues();
}

/* ---- What is not ---- */

static sem_t is_inside, may_leave;

static void wait_inside(rd_kafka_t *rk, const rd_kafka_message_t *message, void *unused)
{
	(void)rk;
	(void)message;
	(void)unused;
	sem_post(&is_inside);
	sem_wait(&may_leave);
}

static void *poll_client(void *rk)
{
	MUST(rd_kafka_poll(rk, FOREVER) == 1);
	return NULL;
}

static void destroy_in_callback(void)
{
	rd_kafka_conf_t *conf = mocking();
	rd_kafka_conf_set_dr_msg_cb(conf, wait_inside);
	rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, conf);
	rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, "letters", NULL);

	MUST(produce(topic) == 0);
	rd_kafka_topic_destroy(topic);
	pthread_t thread = start(poll_client, rk);
	sem_wait(&is_inside);
	rd_kafka_destroy(rk); /* gives up at the deadline */
	MUST(rd_kafka_flush(rk, 0) == RD_KAFKA_RESP_ERR__STATE);
	sem_post(&may_leave);
	join(thread);
}

static void destroy_polled_queue(void)
{
	rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, mocking());
	rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
	pthread_t thread = start_poll(queue);

	rd_kafka_queue_destroy(queue); /* the guards have the poll woken */
	join(thread);
	rd_kafka_destroy(rk);
	rd_kafka_destroy(rk);
	MUST(rd_kafka_poll(NULL, 0) == 0);
}

static void use_what_was_taken_over(void)
{
	rd_kafka_conf_t *conf = mocking();
	rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, conf);
	rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, "letters", NULL),
	                 *same = rd_kafka_topic_new(rk, "letters", NULL);

	MUST(rd_kafka_conf_set(conf, "client.id", "late", why, sizeof(why)) == RD_KAFKA_CONF_INVALID);
	MUST(topic == same);
	rd_kafka_topic_destroy(topic);
	MUST(produce(topic) == 0); /* by the other reference */
	rd_kafka_topic_destroy(topic);
	MUST(produce(topic) == -1);
	rd_kafka_destroy(rk);
}

static void destroy_in_child(void)
{
	rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, mocking());
	pid_t child = fork();

	if (child == 0) {
		rd_kafka_destroy(rk); /* would wait for threads that it has not */
		_exit(0);
	}
	MUST(waitpid(child, NULL, 0) == child);
	rd_kafka_destroy(rk);
}

static void race(void)
{
	destroy_in_callback();
	destroy_polled_queue();
	use_what_was_taken_over();
	destroy_in_child();
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_leave, 0, 0) == 0);
	MUST(sem_init(&event_is_there, 0, 0) == 0);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
