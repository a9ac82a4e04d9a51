/* Connections over memory. */
#ifndef CONNECTION_H
#define CONNECTION_H

#include <openssl/ssl.h>

#include "scenario.h"

static SSL *connection(SSL_CTX *ctx, BIO *reads, BIO *writes)
{
	SSL *ssl = SSL_new(ctx);
	CHECK(ssl && reads && writes);
	SSL_set_bio(ssl, reads, writes);
	SSL_set_connect_state(ssl);
	/* One alone would hear itself. */
	CHECK(reads == writes || (SSL_do_handshake(ssl) == -1 && SSL_get_error(ssl, -1) == SSL_ERROR_WANT_READ));
	return ssl;
}

#endif
