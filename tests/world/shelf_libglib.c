/* Usage: world_libglib quiet|race
 * `quiet` does what GLib allows with loops, queues, pools and the rest, several threads at once. `race` unreferences a
 * queue while another thread pops from it, asks a loop that its thread has freed, and reads a file of keys that
 * another thread has freed. */
#include <glib.h>
#include <string.h>

#include "quiet.h"

enum { THREADS = 4, ROUNDS = 20 };

/* ---- What is allowed ---- */

static void *run_a_loop(void *loop)
{
	GMainContext *context = g_main_loop_get_context(loop);

	g_main_context_push_thread_default(context);
	g_main_loop_run(loop);
	g_main_context_pop_thread_default(context);
	g_main_loop_unref(loop);
	return NULL;
}

static gboolean quit(void *loop)
{
	g_main_loop_quit(loop);
	g_main_loop_unref(loop); /* which runs yet, by a reference of its own */
	return G_SOURCE_REMOVE;
}

/* The loop keeps its context, which has no other holder; each thread has a reference to the loop. */
static void have_a_loop_quit(void)
{
	GMainContext *context = g_main_context_new();
	GMainLoop *loop = g_main_loop_new(context, FALSE);

	g_main_context_unref(context);
	pthread_t thread = start(run_a_loop, g_main_loop_ref(loop));
	g_main_context_invoke(g_main_loop_get_context(loop), quit, loop);
	join(thread);
}

static gboolean count(void *counter)
{
	++*(int *)counter;
	return G_SOURCE_REMOVE;
}

static void iterate_by_hand(void)
{
	GMainContext *context = g_main_context_new();
	GSource *source = g_idle_source_new();
	int counter = 0;

	g_source_set_callback(source, count, &counter, NULL);
	g_source_attach(source, context);
	g_source_unref(source);
	while (!counter)
		g_main_context_iteration(context, TRUE);
	g_main_context_wakeup(context);
	g_main_context_unref(context);
	MUST(g_main_context_default() == g_main_context_default());
	g_main_context_unref(g_main_context_ref_thread_default());
}

static void *pop(void *queue)
{
	for (int i = 0; i < ROUNDS; i++)
		MUST(g_async_queue_pop(queue) == queue);
	g_async_queue_unref(queue);
	return NULL;
}

static void queue(void)
{
	GAsyncQueue *queue = g_async_queue_new();
	pthread_t thread = start(pop, g_async_queue_ref(queue));

	for (int i = 0; i < ROUNDS; i++)
		g_async_queue_push(queue, queue);
	g_async_queue_unref(queue);
	join(thread);
}

static void *name_yourself(void *unused)
{
	MUST(g_thread_self() && !unused);
	return g_thread_self();
}

static void add(void *value, void *sum)
{
	MUST(g_thread_self());
	atomic_fetch_add((atomic_int *)sum, GPOINTER_TO_INT(value));
}

static void use_threads(void)
{
	GThread *thread = g_thread_new("joined", name_yourself, NULL);
	g_thread_ref(thread);
	MUST(g_thread_join(thread) == thread);
	g_thread_unref(thread);
	g_thread_unref(g_thread_new("left alone", name_yourself, NULL));

	atomic_int sum = 0;
	GThreadPool *pool = g_thread_pool_new(add, &sum, 2, FALSE, NULL);
	for (int i = 0; i < ROUNDS; i++)
		MUST(g_thread_pool_push(pool, GINT_TO_POINTER(1), NULL));
	g_thread_pool_free(pool, FALSE, TRUE);
	MUST(sum == ROUNDS);
}

static gboolean append(const GMatchInfo *match, GString *result, void *unused)
{
	char *word = g_match_info_fetch(match, 0);

	MUST(word && !unused);
	g_string_append(result, word);
	g_free(word);
	return FALSE;
}

/* A match outlives what the program has of its expression. */
static void match(GRegex *words)
{
	GMatchInfo *match;

	MUST(g_regex_match(words, "to be or not", 0, &match));
	g_regex_unref(words);
	int found = 0;
	for (; g_match_info_matches(match); g_match_info_next(match, NULL))
		found++;
	MUST(found == 4 && strcmp(g_regex_get_pattern(g_match_info_get_regex(match)), "\\w+") == 0);
	g_match_info_free(match);
}

static void *read_keys(void *keys)
{
	char *value = g_key_file_get_string(keys, "group", "key", NULL);

	MUST(value && strcmp(value, "value") == 0);
	g_free(value);
	g_key_file_unref(keys);
	return NULL;
}

static void use_texts(void)
{
	pthread_t threads[THREADS];
	GKeyFile *keys = g_key_file_new();
	GRegex *words = g_regex_new("\\w+", 0, 0, NULL);

	g_key_file_set_string(keys, "group", "key", "value");
	for (int i = 0; i < THREADS; i++)
		threads[i] = start(read_keys, g_key_file_ref(keys));
	g_key_file_unref(keys);
	match(g_regex_ref(words));
	char *replaced = g_regex_replace_eval(words, "a b", -1, 0, 0, append, NULL, NULL);
	MUST(strcmp(replaced, "a b") == 0);
	g_free(replaced);
	g_regex_unref(words);
	for (int i = 0; i < THREADS; i++)
		join(threads[i]);
}

static gboolean read_a_byte(GIOChannel *channel, GIOCondition condition, void *is_read)
{
	char byte;
	gsize length;

	MUST(condition & G_IO_IN);
	MUST(g_io_channel_read_chars(channel, &byte, 1, &length, NULL) == G_IO_STATUS_NORMAL && length == 1);
	*(int *)is_read = 1;
	return G_SOURCE_REMOVE;
}

/* A watch keeps its channel, and hands it to its callback. */
static void watch_a_channel(void)
{
	GIOChannel *channel = g_io_channel_new_file("/dev/zero", "r", NULL);
	int is_read = 0;

	MUST(channel && g_io_channel_set_encoding(channel, NULL, NULL) == G_IO_STATUS_NORMAL);
	g_io_add_watch(channel, G_IO_IN, read_a_byte, &is_read);
	g_io_channel_unref(channel);
	while (!is_read)
		g_main_context_iteration(NULL, TRUE);
}

static void use_the_rest(void)
{
	GTimer *timer = g_timer_new();
	GDir *folder = g_dir_open("/", 0, NULL);
	GChecksum *sum = g_checksum_new(G_CHECKSUM_MD5);
	GMappedFile *file = g_mapped_file_new("/proc/self/exe", FALSE, NULL);

	MUST(folder && g_dir_read_name(folder) && file);
	GBytes *bytes = g_mapped_file_get_bytes(file);
	g_mapped_file_unref(file);
	g_checksum_update(sum, g_bytes_get_data(bytes, NULL), 16);
	MUST(strlen(g_checksum_get_string(sum)) == 32 && g_timer_elapsed(timer, NULL) >= 0);
	g_bytes_unref(bytes);
	g_checksum_free(sum);
	g_dir_close(folder);
	g_timer_destroy(timer);
}

static void quiet(void)
{
	for (int i = 0; i < ROUNDS; i++) {
		have_a_loop_quit();
		iterate_by_hand();
		queue();
		use_threads();
		use_texts();
		watch_a_channel();
		use_the_rest();
	}
}

/* ---- What is not ---- */

static void *pop_once(void *queue)
{
	MUST(g_async_queue_pop(queue) == queue);
	return NULL;
}

/* Of one reference: another thread pops without one of its own. */
static void unref_a_queue(void)
{
	GAsyncQueue *queue = g_async_queue_new();
	pthread_t thread = start(pop_once, queue);

	g_async_queue_lock(queue);
	while (g_async_queue_length_unlocked(queue) >= 0) { /* below 0: so many wait */
		g_async_queue_unlock(queue);
		g_thread_yield();
		g_async_queue_lock(queue);
	}
	g_async_queue_unlock(queue);
	g_async_queue_unref(queue); /* gives up at the deadline */
	MUST(g_async_queue_length(queue) == 0);
	g_async_queue_push(queue, queue); /* still wakes the pop */
	join(thread);
}

static void *run_and_unref(void *loop)
{
	g_main_loop_run(loop);
	g_main_loop_unref(loop);
	return NULL;
}

static gboolean quit_only(void *loop)
{
	g_main_loop_quit(loop);
	return G_SOURCE_REMOVE;
}

static void ask_a_loop_that_is_gone(void)
{
	GMainLoop *loop = g_main_loop_new(NULL, FALSE);

	g_idle_add(quit_only, loop);
	join(start(run_and_unref, loop));
	MUST(!g_main_loop_is_running(loop));
	g_main_loop_unref(loop);
}

static void *free_keys(void *keys)
{
	g_key_file_free(keys);
	return NULL;
}

static void read_keys_that_are_gone(void)
{
	GKeyFile *keys = g_key_file_new();

	join(start(free_keys, keys));
	MUST(!g_key_file_get_string(keys, "group", "key", NULL));
}

static void race(void)
{
	unref_a_queue();
	ask_a_loop_that_is_gone();
	read_keys_that_are_gone();
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
