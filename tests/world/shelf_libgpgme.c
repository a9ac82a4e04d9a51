/* Usage: world_libgpgme quiet|race
 * Has gpg work in a folder of its own. `quiet` makes a key, signs, verifies, encrypts and decrypts, in contexts that go
 * from thread to thread. `race` releases a context while another thread is in an import that waits for its data, uses
 * it and the data before and afterwards, and drops a key once too often. */
#include <gpgme.h>
#include <locale.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <unistd.h>

#include "quiet.h"

static char home[] = "/tmp/handleguard-gpg-XXXXXX";

static gpgme_ctx_t new_context(void)
{
	gpgme_ctx_t context;

	MUST(gpgme_new(&context) == 0);
	MUST(gpgme_ctx_set_engine_info(context, GPGME_PROTOCOL_OpenPGP, NULL, home) == 0);
	gpgme_set_armor(context, 1);
	return context;
}

static gpgme_data_t new_data(const char *text)
{
	gpgme_data_t data;

	MUST((text ? gpgme_data_new_from_mem(&data, text, strlen(text), 0) : gpgme_data_new(&data)) == 0);
	return data;
}

/* The agent of the folder ends, too. */
static void remove_home(void)
{
	char command[128];

	snprintf(command, sizeof(command), "gpgconf --homedir %s --kill all; rm -rf %s", home, home);
	MUST(system(command) == 0);
}

/* ---- What is allowed ---- */

static gpgme_key_t make_key(gpgme_ctx_t context)
{
	gpgme_key_t key;

	MUST(gpgme_op_createkey(context, "tester", "rsa2048", 0, 0, NULL,
	                        GPGME_CREATE_NOPASSWD | GPGME_CREATE_SIGN | GPGME_CREATE_ENCR) == 0);
	MUST(gpgme_get_key(context, gpgme_op_genkey_result(context)->fpr, &key, 1) == 0);
	return key;
}

static void list_keys(gpgme_ctx_t context)
{
	gpgme_key_t key;
	int count = 0;

	MUST(gpgme_op_keylist_start(context, NULL, 0) == 0);
	while (gpgme_op_keylist_next(context, &key) == 0) {
		gpgme_key_ref(key);
		gpgme_key_unref(key);
		MUST(key->fpr);
		gpgme_key_unref(key);
		count++;
	}
	MUST(count == 1 && gpgme_op_keylist_end(context) == 0);
}

static void *sign_and_verify(void *context)
{
	gpgme_data_t text = new_data("text"), signature = new_data(NULL), plain = new_data(NULL);

	MUST(gpgme_op_sign(context, text, signature, GPGME_SIG_MODE_NORMAL) == 0);
	gpgme_data_rewind(signature);
	MUST(gpgme_op_verify(context, signature, NULL, plain) == 0 && gpgme_op_verify_result(context)->signatures);
	gpgme_data_release(text);
	gpgme_data_release(signature);
	gpgme_data_release(plain);
	return NULL;
}

static void encrypt_and_decrypt(gpgme_ctx_t context, gpgme_key_t key)
{
	size_t size;
	gpgme_key_t to[] = {key, NULL};
	gpgme_data_t text = new_data("text"), secret = new_data(NULL), plain = new_data(NULL);

	MUST(gpgme_op_encrypt(context, to, GPGME_ENCRYPT_ALWAYS_TRUST, text, secret) == 0);
	gpgme_data_release(text);
	gpgme_data_seek(secret, 0, SEEK_SET);
	MUST(gpgme_op_decrypt(context, secret, plain) == 0);
	gpgme_data_release(secret);
	char *bytes = gpgme_data_release_and_get_mem(plain, &size);
	MUST(size == 4 && memcmp(bytes, "text", 4) == 0);
	gpgme_free(bytes);
}

static void quiet(void)
{
	gpgme_ctx_t context = new_context();
	gpgme_key_t key = make_key(context), signer;

	MUST(gpgme_signers_add(context, key) == 0);
	signer = gpgme_signers_enum(context, 0);
	MUST(signer == key && gpgme_signers_count(context) == 1);
	gpgme_key_unref(signer);
	join(start(sign_and_verify, context));
	encrypt_and_decrypt(context, key);
	gpgme_key_unref(key);
	list_keys(context);
	join(start(sign_and_verify, context)); /* the context has a reference of its own */
	gpgme_release(context);
	gpgme_release(NULL);
}

/* ---- What is not ---- */

static sem_t is_read, may_go_on;

static ssize_t wait_to_read(void *unused, void *bytes, size_t size)
{
	(void)unused;
	(void)bytes;
	(void)size;
	sem_post(&is_read);
	sem_wait(&may_go_on);
	return 0;
}

static gpgme_data_t waiting;

static void *import(void *context)
{
	gpgme_op_import(context, waiting);
	return NULL;
}

static void race(void)
{
	struct gpgme_data_cbs functions = {.read = wait_to_read};
	gpgme_ctx_t context = new_context();

	MUST(gpgme_data_new_from_cbs(&waiting, &functions, NULL) == 0);
	pthread_t thread = start(import, context);
	sem_wait(&is_read);
	MUST(gpgme_get_armor(context) == 1); /* at the same time as the import */
	gpgme_release(context);              /* gives up at the deadline, as does the next */
	gpgme_data_release(waiting);
	MUST(gpgme_err_code(gpgme_op_keylist_end(context)) == GPG_ERR_INV_VALUE);
	MUST(gpgme_data_seek(waiting, 0, SEEK_SET) == -1);
	sem_post(&may_go_on);
	join(thread);
	context = new_context();
	gpgme_key_t key = make_key(context);
	gpgme_key_unref(key);
	gpgme_key_unref(key);
	gpgme_release(context);
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && mkdtemp(home) && gpgme_check_version(NULL));
	MUST(sem_init(&is_read, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	remove_home();
	return 0;
}
