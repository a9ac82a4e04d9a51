/* Usage: world_pkcs11 MODULE quiet|race
 * Uses a PKCS #11 module as its users do, by the list of its functions. `quiet` has threads digest, each in sessions of
 * its own, and hand them on to another to be closed. `race` closes a session while a call of another thread is in it,
 * which stands still in the module's use of a mutex of ours, and uses it once more. */
#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <semaphore.h>
#include <string.h>

#include "quiet.h"

enum { THREADS = 4, SESSIONS = 50 };

static CK_FUNCTION_LIST *functions;
static CK_SLOT_ID slot;

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

static void load(const char *module)
{
	CK_C_INITIALIZE_ARGS arguments = {create_mutex, destroy_mutex, lock_mutex, unlock_mutex, 0, NULL};
	unsigned char label[32];
	CK_SLOT_ID slots[8];
	CK_ULONG count = 8;
	void *handle = dlopen(module, RTLD_NOW | RTLD_LOCAL);
	MUST(handle);
	CK_C_GetFunctionList get = (CK_C_GetFunctionList)dlsym(handle, "C_GetFunctionList");
	MUST(get && get(&functions) == CKR_OK);
	MUST(functions->C_Initialize(&arguments) == CKR_OK);
	MUST(functions->C_GetSlotList(CK_FALSE, slots, &count) == CKR_OK && count > 0);
	slot = slots[0];
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

static void quiet(void)
{
	pthread_t closer = start(close_all, NULL), threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		threads[i] = start(digest_all, NULL);
	for (int i = 0; i < THREADS; i++)
		join(threads[i]);
	end_giving(&to_close);
	join(closer);
}

/* --- race --- */

static void *ask(void *session)
{
	CK_SESSION_INFO info;
	stands_still = 1;
	MUST(functions->C_GetSessionInfo(*(CK_SESSION_HANDLE *)session, &info) == CKR_OK);
	return NULL;
}

static void race(void)
{
	CK_SESSION_HANDLE session = open_session();
	CK_SESSION_INFO info;
	sem_init(&inside, 0, 0);
	sem_init(&go_on, 0, 0);
	pthread_t user = start(ask, &session);
	sem_wait(&inside);
	functions->C_CloseSession(session);
	sem_post(&go_on);
	join(user);
	MUST(functions->C_GetSessionInfo(session, &info) == CKR_SESSION_HANDLE_INVALID);
}

int main(int argc, char **argv)
{
	MUST(argc == 3);
	load(argv[1]);
	if (strcmp(argv[2], "race") == 0)
		race();
	else
		quiet();
	MUST(functions->C_Finalize(NULL) == CKR_OK);
	return 0;
}
