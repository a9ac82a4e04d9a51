/* Transfers of a file, whose pieces a callback takes. */
#ifndef TRANSFER_H
#define TRANSFER_H

#include <curl/curl.h>

#include "scenario.h"

static sem_t taking, go_on;

static size_t take(char *bytes, size_t size, size_t count, void *waits)
{
	(void)bytes;
	if (waits) {
		sem_post(&taking);
		sem_wait(&go_on);
	}
	return size * count;
}

static void set_up(CURL *easy, const void *waits)
{
	CHECK(easy && curl_easy_setopt(easy, CURLOPT_URL, "file:///proc/self/cmdline") == CURLE_OK);
	CHECK(curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take) == CURLE_OK);
	CHECK(curl_easy_setopt(easy, CURLOPT_WRITEDATA, waits) == CURLE_OK);
}

static CURL *transfer(const void *waits)
{
	CURL *easy = curl_easy_init();
	set_up(easy, waits);
	return easy;
}

static void perform(CURLM *multi)
{
	int running = 1;
	while (running)
		CHECK(curl_multi_perform(multi, &running) == CURLM_OK);
}

#endif
