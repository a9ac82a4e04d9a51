/* An easy handle is cleaned up on another thread while its multi works on it; and a list of headers is freed while it
 * is still set, which is told when the handle is used next, not when another option is set.
 *
 * finding: late-free easy e; call curl_easy_cleanup in clean_up on closer; op curl_multi_perform in work on worker;
 *     create curl_easy_init in transfer; drained
 * finding: dangling easy f; call curl_easy_perform in main; free curl_slist_free_all in main; alive curl_slist_append in main;
 *     create curl_easy_init in transfer
 * recording: handles.easy.live=0 handles.list.live=0
 */
#include "transfer.h"

static void work(void *multi)
{
	int running;
	CHECK(curl_multi_perform(multi, &running) == CURLM_OK);
}

static void clean_up(void *easy)
{
	curl_easy_cleanup(easy);
}

int main(void)
{
	struct side worker, closer;
	CHECK(curl_global_init(CURL_GLOBAL_ALL) == 0 && sem_init(&taking, 0, 0) == 0 && sem_init(&go_on, 0, 0) == 0);
	CURLM *multi = curl_multi_init();
	CURL *easy = transfer(&taking), *other = transfer(NULL);
	struct curl_slist *list = curl_slist_append(NULL, "Accept: text/plain");
	tell("e", easy);
	tell("f", other);
	CHECK(curl_multi_add_handle(multi, easy) == CURLM_OK);
	start(&worker, "worker", work, multi);
	sem_wait(&taking);
	start(&closer, "closer", clean_up, easy);
	await_drain(&closer);
	sem_post(&go_on);
	join(&worker);
	join(&closer);
	perform(multi);
	CHECK(curl_multi_cleanup(multi) == CURLM_OK);
	CHECK(curl_easy_setopt(other, CURLOPT_HTTPHEADER, list) == CURLE_OK);
	curl_slist_free_all(list);
	CHECK(curl_easy_setopt(other, CURLOPT_NOBODY, 0L) == CURLE_OK);
	CHECK(curl_easy_perform(other) == CURLE_BAD_FUNCTION_ARGUMENT);
	CHECK(curl_easy_setopt(other, CURLOPT_HTTPHEADER, NULL) == CURLE_OK && curl_easy_perform(other) == CURLE_OK);
	curl_easy_cleanup(other);
	curl_global_cleanup();
	return 0;
}
