/* What the runners of JavaScript's tests say to the runtime: label(name), the test that this thread is in from here on.
 * There is no such function where there are no guards.
 *
 * What of Node-API is used is declared here. It is the same in every Node from 12 on, and who builds this need not have
 * one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

typedef struct napi_env__ *napi_env;
typedef struct napi_value__ *napi_value;
typedef struct napi_callback_info__ *napi_callback_info;
typedef napi_value (*napi_callback)(napi_env env, napi_callback_info info);

int napi_get_cb_info(napi_env env, napi_callback_info info, size_t *count, napi_value *arguments, napi_value *of,
                     void **data);
int napi_get_value_string_utf8(napi_env env, napi_value value, char *text, size_t size, size_t *length);
int napi_create_function(napi_env env, const char *name, size_t length, napi_callback callback, void *data,
                         napi_value *function);
int napi_set_named_property(napi_env env, napi_value object, const char *name, napi_value value);

__attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports);

typedef void label_function(const char *label);

static label_function *runtimes;

/* What is longer than a line of a report could show is cut. */
static napi_value label(napi_env env, napi_callback_info info)
{
	char text[512];
	napi_value argument;
	size_t count = 1;

	if (napi_get_cb_info(env, info, &count, &argument, NULL, NULL) == 0 &&
	    napi_get_value_string_utf8(env, argument, text, sizeof(text), NULL) == 0)
		runtimes(text);
	return NULL;
}

/* Once for each context of JavaScript that loads it: jest has one for each file. */
napi_value napi_register_module_v1(napi_env env, napi_value exports)
{
	napi_value function;

	runtimes = (label_function *)dlsym(RTLD_DEFAULT, "handleguard_label");
	if (runtimes && napi_create_function(env, "label", 5, label, NULL, &function) == 0)
		napi_set_named_property(env, exports, "label", function);
	return exports;
}
