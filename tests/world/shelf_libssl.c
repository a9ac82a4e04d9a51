/* Usage: world_libssl quiet|race
 * Connections between threads of its own, over pairs of sockets. `quiet` does what the documentation allows: contexts
 * that are freed as soon as connections hold them, references, callbacks. `race` uses and frees a connection that is in
 * a callback of another thread's handshake, and uses it afterwards. */
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "quiet.h"

static int sockets[2]; /* of the client, of the server */

static SSL *connection(const SSL_METHOD *method, int fd)
{
	SSL_CTX *ctx = SSL_CTX_new(method);
	SSL *ssl = SSL_new(ctx);

	MUST(ssl && SSL_set_fd(ssl, fd) == 1);
	SSL_CTX_free(ctx);
	return ssl;
}

/* ---- What is allowed ---- */

static void sign_oneself(SSL *ssl)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	X509 *certificate = X509_new();

	MUST(key && certificate && X509_gmtime_adj(X509_getm_notBefore(certificate), 0));
	MUST(X509_gmtime_adj(X509_getm_notAfter(certificate), 3600) && X509_set_pubkey(certificate, key) == 1);
	MUST(X509_sign(certificate, key, EVP_sha256()) > 0);
	MUST(SSL_use_certificate(ssl, certificate) == 1 && SSL_use_PrivateKey(ssl, key) == 1);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

static void *serve(void *ssl)
{
	char text[8];

	MUST(SSL_accept(ssl) == 1 && SSL_read(ssl, text, sizeof(text)) == 5 && SSL_write(ssl, text, 5) == 5);
	MUST(SSL_shutdown(ssl) == 0 && SSL_shutdown(ssl) == 1);
	SSL_free(ssl);
	return NULL;
}

/* On the connection's thread; the context that it is asked of is nobody's but the connection's. */
static void count_states(const SSL *ssl, int where, int result)
{
	(void)result;
	MUST(SSL_get_state(ssl) >= 0);
	++*(int *)SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	(void)where;
}

static void talk(void)
{
	char text[8] = "hello";
	int states = 0;
	SSL *server = connection(TLS_server_method(), sockets[1]),
	    *client = connection(TLS_client_method(), sockets[0]);

	sign_oneself(server);
	SSL_CTX *ctx = SSL_get_SSL_CTX(client);
	SSL_CTX_set_app_data(ctx, &states);
	SSL_set_info_callback(client, count_states);
	pthread_t thread = start(serve, server);
	MUST(SSL_connect(client) == 1 && SSL_write(client, text, 5) == 5 && SSL_read(client, text, sizeof(text)) == 5);
	SSL_SESSION *session = SSL_get1_session(client);
	MUST(SSL_read(client, text, sizeof(text)) == 0 && SSL_get_error(client, 0) == SSL_ERROR_ZERO_RETURN);
	MUST(SSL_shutdown(client) == 1 && states > 0);
	MUST(SSL_up_ref(client) == 1);
	SSL_free(client);
	MUST(SSL_is_init_finished(client) == 1);
	SSL_free(client);
	SSL_SESSION_free(session);
	join(thread);
}

static void share_a_context(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_method());
	SSL *one = SSL_new(ctx), *copy = SSL_dup(one);

	MUST(copy && SSL_CTX_up_ref(ctx) == 1);
	SSL_CTX_free(ctx);
	SSL_CTX_free(ctx);
	SSL_free(one);
	MUST(SSL_CTX_get_mode(SSL_get_SSL_CTX(copy)) >= 0);
	SSL_free(copy);
	for (int i = 0; i < 3; i++)
		SSL_free(connection(TLS_method(), sockets[0]));
	SSL_free(NULL);
}

static void quiet(void)
{
	share_a_context();
	talk();
}

/* ---- What is not ---- */

static sem_t is_inside, may_leave;
static _Atomic int waited;

static void wait_inside(const SSL *ssl, int where, int result)
{
	(void)ssl;
	(void)where;
	(void)result;
	if (waited++)
		return;
	sem_post(&is_inside);
	sem_wait(&may_leave);
}

static void *shake_hands(void *ssl)
{
	MUST(SSL_connect(ssl) != 1); /* the other side has hung up */
	return NULL;
}

static void race(void)
{
	SSL *client = connection(TLS_client_method(), sockets[0]);

	close(sockets[1]);
	SSL_set_info_callback(client, wait_inside);
	pthread_t thread = start(shake_hands, client);
	sem_wait(&is_inside);
	MUST(SSL_pending(client) == 0);
	SSL_free(client); /* gives up at the deadline */
	MUST(SSL_write(client, "a", 1) == -1);
	sem_post(&may_leave);
	join(thread);
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_leave, 0, 0) == 0);
	signal(SIGPIPE, SIG_IGN);
	MUST(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
