/* What a transfer takes of those that curl's multi makes, eight at a time, from a server of this program's own on
 * loopback, in us. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { AT_A_TIME = 8, BATCHES = 60, WARM_UP = 5 };

static const char reply[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

static void check(bool right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "curl_transfers: %s\n", what);
	exit(1);
}

/* One request after the other, as long as the connection stays. */
static void *serve(void *argument)
{
	int connection = (int)(intptr_t)argument;
	char request[4096];
	for (size_t size = 0;;) {
		ssize_t got = read(connection, request + size, sizeof request - 1 - size);
		if (got <= 0)
			break;
		size += (size_t)got;
		request[size] = '\0';
		if (!strstr(request, "\r\n\r\n"))
			continue;
		size = 0;
		if (write(connection, reply, sizeof reply - 1) != (ssize_t)sizeof reply - 1)
			break;
	}
	close(connection);
	return NULL;
}

static void *accept_all(void *argument)
{
	int listening = (int)(intptr_t)argument;
	for (int connection; (connection = accept(listening, NULL, NULL)) >= 0;) {
		pthread_t thread;
		check(pthread_create(&thread, NULL, serve, (void *)(intptr_t)connection) == 0, "no thread");
		pthread_detach(thread);
	}
	return NULL;
}

/* Returns the port. */
static unsigned listen_here(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;
	pthread_t thread;
	int listening = socket(AF_INET, SOCK_STREAM, 0);
	check(listening >= 0 && bind(listening, (struct sockaddr *)&address, size) == 0 && listen(listening, 64) == 0 &&
	          getsockname(listening, (struct sockaddr *)&address, &size) == 0,
	      "no server");
	check(pthread_create(&thread, NULL, accept_all, (void *)(intptr_t)listening) == 0, "no thread");
	pthread_detach(thread);
	return ntohs(address.sin_port);
}

static size_t take(char *data, size_t one, size_t count, void *total)
{
	(void)data;
	*(size_t *)total += one * count;
	return one * count;
}

static void batch(CURLM *multi, const char *url)
{
	CURL *easy[AT_A_TIME];
	size_t total = 0;
	int running = 1;
	for (unsigned i = 0; i < AT_A_TIME; i++) {
		easy[i] = curl_easy_init();
		curl_easy_setopt(easy[i], CURLOPT_URL, url);
		curl_easy_setopt(easy[i], CURLOPT_PROXY, "");
		curl_easy_setopt(easy[i], CURLOPT_WRITEFUNCTION, take);
		curl_easy_setopt(easy[i], CURLOPT_WRITEDATA, &total);
		curl_multi_add_handle(multi, easy[i]);
	}
	while (running && curl_multi_perform(multi, &running) == CURLM_OK)
		curl_multi_wait(multi, NULL, 0, 1000, NULL);
	for (unsigned i = 0; i < AT_A_TIME; i++) {
		curl_multi_remove_handle(multi, easy[i]);
		curl_easy_cleanup(easy[i]);
	}
	check(total == AT_A_TIME * strlen("hello"), "a transfer has failed");
}

int main(void)
{
	char url[64];
	struct timespec begun, end;
	curl_global_init(CURL_GLOBAL_ALL);
	CURLM *multi = curl_multi_init();
	snprintf(url, sizeof url, "http://127.0.0.1:%u/", listen_here());
	for (unsigned i = 0; i < WARM_UP; i++)
		batch(multi, url);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	for (unsigned i = 0; i < BATCHES; i++)
		batch(multi, url);
	clock_gettime(CLOCK_MONOTONIC, &end);
	curl_multi_cleanup(multi);
	printf("%f\n", ((double)(end.tv_sec - begun.tv_sec) * 1e6 + (double)(end.tv_nsec - begun.tv_nsec) / 1e3) /
	                   (BATCHES * AT_A_TIME));
	return 0;
}
