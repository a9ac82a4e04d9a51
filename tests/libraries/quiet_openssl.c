/* BIOs that their connection frees: two, the same one twice, and one that another comes for; and one that is the
 * program's.
 *
 * recording: handles.bio.created=7 handles.bio.live=0 handles.ssl.live=0
 */
#include "connection.h"

static BIO *memory(void)
{
	return BIO_new(BIO_s_mem());
}

int main(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	SSL *two = connection(ctx, memory(), memory()), *replaced = connection(ctx, memory(), memory());
	BIO *one = memory(), *mine = memory();
	SSL *both = connection(ctx, one, one);
	SSL_set_bio(replaced, mine, mine);
	CHECK(BIO_ctrl_pending(one) == 0);
	SSL_CTX_free(ctx);
	SSL_free(two);
	SSL_free(replaced);
	SSL_free(both);
	BIO *never_given = memory();
	CHECK(BIO_ctrl_pending(never_given) == 0 && BIO_free(never_given) == 1);
	return 0;
}
