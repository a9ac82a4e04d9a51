/* Usage: world_libcrypto quiet|race
 * `quiet` does what the documentation allows with BIOs, in chains, in pairs and given to connections, and with contexts
 * of digests, ciphers and the like, which go from thread to thread. `race` asks and frees a BIO that is in a callback
 * of another thread's read, uses a context that is freed, and frees one twice. */
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

#include "quiet.h"

/* ---- What is allowed ---- */

static void chain(void)
{
	char text[32];

	for (int i = 0; i < 3; i++) {
		BIO *base64 = BIO_new(BIO_f_base64()), *memory = BIO_new(BIO_s_mem());
		BIO_push(base64, memory);
		MUST(BIO_write(base64, "abc", 3) == 3 && BIO_flush(base64) == 1);
		MUST(BIO_read(memory, text, sizeof(text)) == 5 && memcmp(text, "YWJj\n", 5) == 0);
		BIO_free_all(base64);
	}
	BIO *base64 = BIO_new(BIO_f_base64()), *memory = BIO_new(BIO_s_mem());
	BIO_push(base64, memory);
	MUST(BIO_pop(base64) == memory && BIO_free(base64) == 1);
	MUST(BIO_up_ref(memory) == 1 && BIO_free(memory) == 1 && BIO_pending(memory) == 0);
	BIO_vfree(memory);
	MUST(BIO_free(NULL) == 0);
}

static void pair(void)
{
	BIO *one, *other;
	char text[4];

	MUST(BIO_new_bio_pair(&one, 0, &other, 0) == 1 && BIO_write(one, "abc", 3) == 3);
	MUST(BIO_read(other, text, sizeof(text)) == 3 && BIO_free(one) == 1);
	MUST(BIO_free(other) == 1);
}

static void give_to_connections(void)
{
	for (int i = 0; i < 3; i++) {
		SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
		SSL *ssl = SSL_new(ctx);
		BIO *reads = BIO_new(BIO_s_mem()), *writes = BIO_new(BIO_s_mem());
		SSL_set_bio(ssl, reads, writes);
		SSL_set_connect_state(ssl);
		MUST(SSL_do_handshake(ssl) == -1 && BIO_pending(writes) > 0);
		MUST(BIO_up_ref(reads) == 1);
		SSL_free(ssl);
		MUST(BIO_pending(reads) == 0 && BIO_free(reads) == 1);
		SSL_CTX_free(ctx);
	}
}

static void *update(void *context)
{
	MUST(EVP_DigestUpdate(context, "b", 1) == 1);
	return NULL;
}

static void digest(void)
{
	unsigned char first[EVP_MAX_MD_SIZE], second[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context = EVP_MD_CTX_new(), *copy = EVP_MD_CTX_new();

	MUST(EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 && EVP_DigestUpdate(context, "a", 1) == 1);
	join(start(update, context));
	MUST(EVP_MD_CTX_copy_ex(copy, context) == 1);
	MUST(EVP_DigestFinal_ex(context, first, NULL) == 1 && EVP_DigestFinal_ex(copy, second, NULL) == 1);
	MUST(memcmp(first, second, 32) == 0);
	EVP_MD_CTX_free(context);
	EVP_MD_CTX_free(copy);
	EVP_MD_CTX_free(NULL);
}

/* The context of the key belongs to the one of the digest, and the next one may lie where a freed one lay. */
static void sign(void)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	size_t size;

	for (int i = 0; i < 3; i++) {
		EVP_PKEY_CTX *mine = EVP_PKEY_CTX_new(key, NULL), *lent;
		EVP_MD_CTX *context = EVP_MD_CTX_new();
		MUST(EVP_PKEY_sign_init(mine) == 1);
		EVP_PKEY_CTX_free(mine);
		MUST(EVP_DigestSignInit(context, &lent, EVP_sha256(), NULL, key) == 1);
		MUST(EVP_PKEY_CTX_set_rsa_padding(lent, RSA_PKCS1_PSS_PADDING) == 1);
		MUST(EVP_DigestSign(context, NULL, &size, (const unsigned char *)"a", 1) == 1 && size == 256);
		EVP_MD_CTX_free(context);
	}
	EVP_PKEY_free(key);
}

static void encrypt(void)
{
	static const unsigned char key[32];
	unsigned char out[64];
	int size;
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();

	MUST(EVP_EncryptInit_ex(context, EVP_aes_256_cbc(), NULL, key, key) == 1);
	MUST(EVP_EncryptUpdate(context, out, &size, key, 32) == 1 && EVP_EncryptFinal_ex(context, out, &size) == 1);
	MUST(EVP_CIPHER_CTX_reset(context) == 1);
	EVP_CIPHER_CTX_free(context);
}

static void authenticate(void)
{
	unsigned char out[64];
	size_t size;
	char name[] = "SHA256";
	OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
	                           OSSL_PARAM_construct_end()};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *context = EVP_MAC_CTX_new(mac), *copy;

	EVP_MAC_free(mac);
	MUST(EVP_MAC_init(context, out, 1, parameters) == 1 && EVP_MAC_update(context, out, 1) == 1);
	MUST((copy = EVP_MAC_CTX_dup(context)) && EVP_MAC_final(copy, out, &size, sizeof(out)) == 1 && size == 32);
	EVP_MAC_CTX_free(copy);
	EVP_MAC_CTX_free(context);
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *derived = EVP_KDF_CTX_new(kdf);
	EVP_KDF_free(kdf);
	MUST(EVP_KDF_derive(derived, out, 32, NULL) <= 0); /* nothing is set */
	EVP_KDF_CTX_free(derived);
}

static void quiet(void)
{
	chain();
	pair();
	give_to_connections();
	digest();
	sign();
	encrypt();
	authenticate();
}

/* ---- What is not ---- */

static sem_t is_inside, may_leave;

static long wait_inside(BIO *bio, int operation, const char *text, size_t size, int number, long value, int result,
                        size_t *done)
{
	(void)bio, (void)text, (void)size, (void)number, (void)value, (void)done;
	if (operation == BIO_CB_READ) {
		sem_post(&is_inside);
		sem_wait(&may_leave);
	}
	return result;
}

static void *read_there(void *bio)
{
	char byte;

	MUST(BIO_read(bio, &byte, 1) == 1);
	return NULL;
}

static void free_in_callback(void)
{
	BIO *bio = BIO_new(BIO_s_mem());

	MUST(BIO_write(bio, "abc", 3) == 3);
	BIO_set_callback_ex(bio, wait_inside);
	pthread_t thread = start(read_there, bio);
	sem_wait(&is_inside);
	MUST(BIO_ctrl_pending(bio) == 3);
	BIO_free(bio); /* gives up at the deadline */
	MUST(BIO_write(bio, "a", 1) == -1);
	sem_post(&may_leave);
	join(thread);
}

static void use_what_is_freed(void)
{
	EVP_MD_CTX *digest = EVP_MD_CTX_new();
	EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();

	EVP_MD_CTX_free(digest);
	MUST(EVP_DigestUpdate(digest, "a", 1) == 0);
	EVP_CIPHER_CTX_free(cipher);
	EVP_CIPHER_CTX_free(cipher);
}

static void race(void)
{
	free_in_callback();
	use_what_is_freed();
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_leave, 0, 0) == 0);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
