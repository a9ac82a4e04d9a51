/* Usage: world_libcurl quiet|race
 * Transfers of a file of its own (file://), so that no server is needed. `quiet` does what the pages of libcurl allow,
 * with handles that go from thread to thread. `race` cleans a handle up while another thread is in a callback of its
 * transfer, asks it afterwards, cleans up what another thread polls, and names a list that it has freed. */
#define CURL_DISABLE_DEPRECATION /* forms of the old kind */
#include <curl/curl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "parked.h"
#include "quiet.h"

static char url[64] = "file:///tmp/handleguard-curl-XXXXXX";

static void make_file(void)
{
	int fd = mkstemp(url + strlen("file://"));

	MUST(fd >= 0 && write(fd, "seven b", 7) == 7 && close(fd) == 0);
}

static size_t count_bytes(char *bytes, size_t size, size_t count, void *sum)
{
	(void)bytes;
	*(size_t *)sum += size * count;
	return size * count;
}

static CURL *new_easy(size_t *sum)
{
	CURL *easy = curl_easy_init();

	MUST(easy && curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK);
	MUST(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, count_bytes) == CURLE_OK);
	MUST(curl_easy_setopt(easy, CURLOPT_WRITEDATA, sum) == CURLE_OK);
	return easy;
}

/* ---- What is allowed ---- */

/* On another thread than the one that has made it. */
static void *perform(void *easy)
{
	MUST(curl_easy_perform(easy) == CURLE_OK);
	return NULL;
}

static void use_easy(void)
{
	size_t sum = 0;
	double total = 0;
	CURL *easy = new_easy(&sum);

	join(start(perform, easy));
	CURL *other = curl_easy_duphandle(easy);
	MUST(other && curl_easy_perform(other) == CURLE_OK && sum == 14);
	MUST(curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME, &total) == CURLE_OK && total >= 0);
	curl_easy_reset(easy);
	curl_easy_cleanup(easy);
	curl_easy_cleanup(other);
	curl_easy_cleanup(NULL);
}

static void use_lists(void)
{
	CURL *easy = curl_easy_init();
	struct curl_slist *headers = curl_slist_append(NULL, "X-One: 1"), *cookies = NULL;

	MUST(headers && curl_slist_append(headers, "X-Two: 2") == headers);
	MUST(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers) == CURLE_OK);
	MUST(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, NULL) == CURLE_OK);
	curl_slist_free_all(headers);
	MUST(curl_easy_setopt(easy, CURLOPT_COOKIELIST, "Set-Cookie: a=b; domain=example.org") == CURLE_OK);
	/* The library makes these lists; the first may lie where the freed one lay. */
	for (int i = 0; i < 3; i++) {
		MUST(curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &cookies) == CURLE_OK && cookies);
		curl_slist_free_all(cookies);
	}
	curl_easy_cleanup(easy);
}

static void use_forms(void)
{
	CURL *easy = curl_easy_init();
	for (int i = 0; i < 3; i++) {
		curl_mime *outer = curl_mime_init(easy), *inner = curl_mime_init(easy);
		curl_mimepart *part = curl_mime_addpart(outer);
		struct curl_slist *headers = curl_slist_append(NULL, "X-Part: 1");
		MUST(part && curl_mime_subparts(part, inner) == CURLE_OK);
		MUST(curl_mime_data(curl_mime_addpart(inner), "text", CURL_ZERO_TERMINATED) == CURLE_OK);
		MUST(curl_mime_headers(part, headers, 1) == CURLE_OK);
		MUST(curl_easy_setopt(easy, CURLOPT_MIMEPOST, outer) == CURLE_OK);
		MUST(curl_easy_setopt(easy, CURLOPT_MIMEPOST, NULL) == CURLE_OK);
		curl_mime_free(outer);
	}
	struct curl_httppost *first = NULL, *last = NULL;
	for (int i = 0; i < 2; i++)
		MUST(curl_formadd(&first, &last, CURLFORM_COPYNAME, "a", CURLFORM_COPYCONTENTS, "b",
		                  CURLFORM_CONTENTTYPE, "text/plain", CURLFORM_END) == CURL_FORMADD_OK);
	curl_formfree(first);
	curl_easy_cleanup(easy);
}

static void use_multi(void)
{
	size_t sum = 0;
	int running = 1, left;
	CURL *easy = new_easy(&sum);
	CURLM *multi = curl_multi_init();

	MUST(multi && curl_multi_add_handle(multi, easy) == CURLM_OK);
	while (running > 0)
		MUST(curl_multi_perform(multi, &running) == CURLM_OK && curl_multi_wakeup(multi) == CURLM_OK &&
		     curl_multi_poll(multi, NULL, 0, 60000, NULL) == CURLM_OK);
	MUST(sum == 7 && curl_multi_info_read(multi, &left)->easy_handle == easy);
	MUST(curl_multi_remove_handle(multi, easy) == CURLM_OK);
	curl_easy_cleanup(easy);
	MUST(curl_multi_cleanup(multi) == CURLM_OK);
}

static void use_the_rest(void)
{
	char *host = NULL;
	CURLSH *share = curl_share_init();
	CURLU *parts = curl_url(), *copy;
	CURL *easy = curl_easy_init();

	MUST(curl_share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE) == CURLSHE_OK);
	MUST(curl_easy_setopt(easy, CURLOPT_SHARE, share) == CURLE_OK);
	MUST(curl_share_cleanup(share) == CURLSHE_IN_USE); /* and goes on */
	MUST(curl_url_set(parts, CURLUPART_URL, "https://example.org/", 0) == CURLUE_OK);
	copy = curl_url_dup(parts);
	MUST(curl_url_get(copy, CURLUPART_HOST, &host, 0) == CURLUE_OK && strcmp(host, "example.org") == 0);
	MUST(curl_easy_setopt(easy, CURLOPT_CURLU, parts) == CURLE_OK);
	curl_easy_cleanup(easy);
	MUST(curl_share_cleanup(share) == CURLSHE_OK);
	curl_free(host);
	curl_url_cleanup(copy);
	curl_url_cleanup(parts);
}

static void quiet(void)
{
	use_easy();
	use_lists();
	use_forms();
	use_multi();
	use_the_rest();
}

/* ---- What is not ---- */

static sem_t is_inside, may_leave;
static _Atomic pid_t poller;

static size_t wait_inside(char *bytes, size_t size, size_t count, void *unused)
{
	(void)bytes;
	(void)unused;
	sem_post(&is_inside);
	sem_wait(&may_leave);
	return size * count;
}

static void clean_up_in_transfer(void)
{
	long status = 1;
	CURL *easy = curl_easy_init();

	MUST(curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK);
	MUST(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, wait_inside) == CURLE_OK);
	pthread_t thread = start(perform, easy);
	sem_wait(&is_inside);
	curl_easy_cleanup(easy); /* gives up at the deadline */
	MUST(curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_BAD_FUNCTION_ARGUMENT);
	sem_post(&may_leave);
	join(thread);
}

static void *poll_long(void *multi)
{
	poller = (pid_t)syscall(SYS_gettid);
	MUST(curl_multi_poll(multi, NULL, 0, 60000, NULL) == CURLM_OK);
	return NULL;
}

static void clean_up_in_poll(void)
{
	CURLM *multi = curl_multi_init();
	pthread_t thread = start(poll_long, multi);

	await_parked(&poller);
	MUST(curl_multi_cleanup(multi) == CURLM_OK); /* the guards have the poll woken */
	join(thread);
}

static void name_a_freed_list(void)
{
	CURL *easy = curl_easy_init();
	struct curl_slist *headers = curl_slist_append(NULL, "X-One: 1");

	curl_slist_free_all(headers);
	MUST(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers) == CURLE_BAD_FUNCTION_ARGUMENT);
	curl_easy_cleanup(easy);
}

static void race(void)
{
	clean_up_in_transfer();
	clean_up_in_poll();
	name_a_freed_list();
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_leave, 0, 0) == 0);
	make_file();
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	unlink(url + strlen("file://"));
	return 0;
}
