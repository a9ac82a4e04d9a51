/* A BIO is freed though it was given to a connection, which goes on working and frees it; and used after that.
 *
 * finding: given-free bio b; call BIO_free in main; alive SSL_new in connection; create BIO_new in main; withheld
 * finding: late-op bio b; call BIO_ctrl_pending in main; free SSL_free in main; create BIO_new in main
 * recording: handles.bio.created=2 handles.bio.freed=2
 */
#include "connection.h"

int main(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	BIO *writes = BIO_new(BIO_s_mem());
	tell("b", writes);
	SSL *ssl = connection(ctx, BIO_new(BIO_s_mem()), writes);
	CHECK(BIO_ctrl_pending(writes) > 0 && BIO_free(writes) == 1);
	CHECK(SSL_do_handshake(ssl) == -1 && BIO_ctrl_pending(writes) > 0);
	SSL_free(ssl);
	CHECK(BIO_ctrl_pending(writes) == 0);
	SSL_CTX_free(ctx);
	return 0;
}
