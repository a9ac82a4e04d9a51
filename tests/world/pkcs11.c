/* Usage: world_pkcs11 MODULE quiet|race
 * Uses a PKCS #11 module as its users do, by the list of its functions. `quiet` has threads digest, each in sessions of
 * its own, and hand them on to another to be closed; it ends all sessions at once, the module too, and begins anew,
 * also in a child. `race` ends a session, all of them, and the module, while a call of another thread is in it, which
 * stands still in the module's use of a mutex of ours; and uses what is ended once more. */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <semaphore.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quiet.h"

enum { THREADS = 4, SESSIONS = 50 };

static CK_FUNCTION_LIST *functions;
static CK_SLOT_ID slot;
static CK_BBOOL no = CK_FALSE, yes = CK_TRUE;

/* --- mutexes: a call of a thread that is to stand still does so at the first one --- */

static _Thread_local int stands_still;
static sem_t inside, go_on;

static CK_RV create_mutex(void **mutex)
{
	*mutex = malloc(sizeof(pthread_mutex_t));
	return pthread_mutex_init(*mutex, NULL) ? CKR_GENERAL_ERROR : CKR_OK;
}

static CK_RV destroy_mutex(void *mutex)
{
	pthread_mutex_destroy(mutex);
	free(mutex);
	return CKR_OK;
}

static CK_RV lock_mutex(void *mutex)
{
	if (stands_still) {
		stands_still = 0;
		sem_post(&inside);
		sem_wait(&go_on);
	}
	return pthread_mutex_lock(mutex) ? CKR_GENERAL_ERROR : CKR_OK;
}

static CK_RV unlock_mutex(void *mutex)
{
	return pthread_mutex_unlock(mutex) ? CKR_GENERAL_ERROR : CKR_OK;
}

/* --- the module --- */

static void initialize(void)
{
	CK_C_INITIALIZE_ARGS arguments = {create_mutex, destroy_mutex, lock_mutex, unlock_mutex, 0, NULL};
	CK_SLOT_ID slots[8];
	CK_ULONG count = 8;
	MUST(functions->C_Initialize(&arguments) == CKR_OK);
	MUST(functions->C_GetSlotList(CK_FALSE, slots, &count) == CKR_OK && count > 0);
	slot = slots[0];
}

static void finalize(void)
{
	MUST(functions->C_Finalize(NULL) == CKR_OK);
}

static void load(const char *module)
{
	unsigned char label[32];
	void *handle = dlopen(module, RTLD_NOW | RTLD_LOCAL);
	MUST(handle);
	CK_C_GetFunctionList get = (CK_C_GetFunctionList)dlsym(handle, "C_GetFunctionList");
	MUST(get && get(&functions) == CKR_OK);
	initialize();
	memset(label, ' ', sizeof(label));
	MUST(functions->C_InitToken(slot, (unsigned char *)"1234", 4, label) == CKR_OK);
}

static CK_SESSION_HANDLE open_session(void)
{
	CK_SESSION_HANDLE session = 0;
	MUST(functions->C_OpenSession(slot, CKF_SERIAL_SESSION, NULL, NULL, &session) == CKR_OK && session);
	return session;
}

/* --- quiet --- */

static struct hand_over to_close = HAND_OVER_INIT;

static void digest(CK_SESSION_HANDLE session)
{
	CK_MECHANISM mechanism = {CKM_SHA256, NULL, 0};
	unsigned char result[32];
	CK_ULONG size = sizeof(result);
	MUST(functions->C_DigestInit(session, &mechanism) == CKR_OK);
	MUST(functions->C_DigestUpdate(session, (unsigned char *)"text", 4) == CKR_OK);
	MUST(functions->C_DigestFinal(session, result, &size) == CKR_OK && size == sizeof(result));
}

static void *digest_all(void *unused)
{
	for (int i = 0; i < SESSIONS; i++) {
		CK_SESSION_HANDLE session = open_session();
		digest(session);
		give(&to_close, (void *)session);
	}
	return unused;
}

static void *close_all(void *unused)
{
	void *session;
	while ((session = take(&to_close)))
		MUST(functions->C_CloseSession((CK_SESSION_HANDLE)session) == CKR_OK);
	return unused;
}

/* Keys of the session's own, whose arguments do not all stand in registers. */
static void encipher(void)
{
	CK_SESSION_HANDLE session = open_session();
	CK_MECHANISM pair = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0}, sign = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_ULONG bits = 1024;
	CK_ATTRIBUTE public_key[] = {
	    {CKA_MODULUS_BITS, &bits, sizeof(bits)}, {CKA_PRIVATE, &no, 1}, {CKA_VERIFY, &yes, 1}};
	CK_ATTRIBUTE private_key[] = {{CKA_PRIVATE, &no, 1}, {CKA_SIGN, &yes, 1}};
	CK_OBJECT_HANDLE keys[2] = {0}, found[4];
	unsigned char signature[128];
	CK_ULONG size = sizeof(signature), count = 0;
	MUST(functions->C_GenerateKeyPair(session, &pair, public_key, 3, private_key, 2, &keys[0], &keys[1]) == CKR_OK);
	MUST(functions->C_SignInit(session, &sign, keys[1]) == CKR_OK);
	MUST(functions->C_Sign(session, (unsigned char *)"text", 4, signature, &size) == CKR_OK && size == 128);
	MUST(functions->C_VerifyInit(session, &sign, keys[0]) == CKR_OK);
	MUST(functions->C_Verify(session, (unsigned char *)"text", 4, signature, size) == CKR_OK);
	MUST(functions->C_FindObjectsInit(session, NULL, 0) == CKR_OK);
	MUST(functions->C_FindObjects(session, found, 4, &count) == CKR_OK && count == 2);
	MUST(functions->C_FindObjectsFinal(session) == CKR_OK);
	MUST(functions->C_DestroyObject(session, keys[0]) == CKR_OK);
	MUST(functions->C_CloseSession(session) == CKR_OK);
}

static void end_all(void)
{
	CK_SESSION_HANDLE one = open_session(), other = open_session();
	MUST(one != other && functions->C_CloseAllSessions(slot) == CKR_OK);
	digest(open_session());
	digest(open_session());
	finalize();
	initialize();
	one = open_session();
	digest(one);
	MUST(functions->C_CloseSession(one) == CKR_OK);
}

/* A child begins by itself, as if its parent's sessions were not there. */
static void in_child(void (*body)(CK_SESSION_HANDLE), CK_SESSION_HANDLE parents)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		body(parents);
		exit(0);
	}
	MUST(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

static void begin_anew(CK_SESSION_HANDLE parents)
{
	initialize();
	CK_SESSION_HANDLE session = open_session();
	MUST(session == parents);
	digest(session);
	MUST(functions->C_CloseSession(session) == CKR_OK);
	finalize();
}

static void quiet(void)
{
	pthread_t closer = start(close_all, NULL), threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		threads[i] = start(digest_all, NULL);
	for (int i = 0; i < THREADS; i++)
		join(threads[i]);
	end_giving(&to_close);
	join(closer);
	encipher();
	end_all();
	finalize();
	initialize();
	CK_SESSION_HANDLE session = open_session();
	in_child(begin_anew, session);
	digest(session);
	finalize();
}

/* --- race --- */

static void *ask(void *session)
{
	CK_SESSION_INFO info;
	stands_still = 1;
	MUST(functions->C_GetSessionInfo(*(CK_SESSION_HANDLE *)session, &info) == CKR_OK);
	return NULL;
}

static void *ask_token(void *unused)
{
	CK_TOKEN_INFO info;
	stands_still = 1;
	MUST(functions->C_GetTokenInfo(slot, &info) == CKR_OK);
	return unused;
}

static CK_RV ask_once(CK_SESSION_HANDLE session)
{
	CK_SESSION_INFO info;
	return functions->C_GetSessionInfo(session, &info);
}

/* What is done while another thread is in a call. */
static void meanwhile(void *(*call)(void *), void *argument, CK_RV (*body)(CK_SESSION_HANDLE))
{
	pthread_t user = start(call, argument);
	sem_wait(&inside);
	body(argument ? *(CK_SESSION_HANDLE *)argument : 0);
	sem_post(&go_on);
	join(user);
}

static CK_RV close_one(CK_SESSION_HANDLE session)
{
	return functions->C_CloseSession(session);
}

static CK_RV close_every(CK_SESSION_HANDLE session)
{
	(void)session;
	return functions->C_CloseAllSessions(slot);
}

static CK_RV finalize_all(CK_SESSION_HANDLE session)
{
	(void)session;
	return functions->C_Finalize(NULL);
}

static void close_inherited(CK_SESSION_HANDLE session)
{
	functions->C_CloseSession(session);
}

static void race(void)
{
	sem_init(&inside, 0, 0);
	sem_init(&go_on, 0, 0);
	CK_SESSION_HANDLE session = open_session();
	in_child(close_inherited, session);
	meanwhile(ask, &session, ask_once);
	meanwhile(ask, &session, close_one);
	MUST(ask_once(session) == CKR_SESSION_HANDLE_INVALID);
	functions->C_CloseSession(session);
	session = open_session();
	meanwhile(ask, &session, close_every);
	meanwhile(ask_token, NULL, finalize_all);
}

int main(int argc, char **argv)
{
	MUST(argc == 3);
	load(argv[1]);
	if (strcmp(argv[2], "race") == 0)
		race();
	else
		quiet();
	return 0;
}
