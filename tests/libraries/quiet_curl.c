/* Easy handles that are taken out of their multi, and cleaned up in it, before it and after it; lists that are
 * replaced, reset, and freed before the handle that had them is cleaned up.
 *
 * recording: handles.easy.created=3 handles.easy.live=0 handles.list.created=3 handles.list.live=0
 */
#include "transfer.h"

static struct curl_slist *list_of(const char *header)
{
	struct curl_slist *list = curl_slist_append(NULL, header);
	CHECK(list && curl_slist_append(list, "X-Also: this") == list);
	return list;
}

static void with_lists(CURL *easy)
{
	struct curl_slist *first = list_of("X-A: 1"), *second = list_of("X-A: 2"), *third = list_of("X-A: 3");
	CHECK(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, first) == CURLE_OK && curl_easy_perform(easy) == CURLE_OK);
	CHECK(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, second) == CURLE_OK);
	curl_slist_free_all(first);
	CHECK(curl_easy_perform(easy) == CURLE_OK);
	curl_easy_reset(easy);
	curl_slist_free_all(second);
	set_up(easy, NULL);
	CHECK(curl_easy_setopt(easy, CURLOPT_HTTPHEADER, third) == CURLE_OK && curl_easy_perform(easy) == CURLE_OK);
	curl_slist_free_all(third);
	curl_easy_cleanup(easy);
}

int main(void)
{
	CHECK(curl_global_init(CURL_GLOBAL_ALL) == 0);
	CURLM *multi = curl_multi_init();
	CURL *out = transfer(NULL), *in = transfer(NULL);
	CHECK(curl_multi_add_handle(multi, out) == CURLM_OK && curl_multi_add_handle(multi, in) == CURLM_OK);
	perform(multi);
	CHECK(curl_multi_remove_handle(multi, out) == CURLM_OK);
	curl_easy_cleanup(in);
	perform(multi);
	CHECK(curl_multi_cleanup(multi) == CURLM_OK);
	curl_easy_cleanup(out);
	with_lists(transfer(NULL));
	curl_global_cleanup();
	return 0;
}
