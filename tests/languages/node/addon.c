/* A Node addon: gates for JavaScript. What may wait runs on a thread of Node's pool, and ends a promise. */
#include <node_api.h>
#include <stdbool.h>
#include <stdlib.h>

#include "gate.h"

static void must(napi_status status)
{
	if (status != napi_ok)
		abort();
}

static gate *gate_of(napi_env env, napi_callback_info info)
{
	napi_value argument;
	size_t count = 1;
	void *g;
	must(napi_get_cb_info(env, info, &count, &argument, NULL, NULL));
	must(napi_get_value_external(env, argument, &g));
	return g;
}

static napi_value number(napi_env env, int value)
{
	napi_value result;
	must(napi_create_int32(env, value, &result));
	return result;
}

static napi_value open_gate(napi_env env, napi_callback_info info)
{
	(void)info;
	napi_value result;
	must(napi_create_external(env, gate_open(), NULL, NULL, &result));
	return result;
}

static napi_value touch(napi_env env, napi_callback_info info)
{
	return number(env, gate_touch(gate_of(env, info)));
}

static napi_value close_gate(napi_env env, napi_callback_info info)
{
	gate_close(gate_of(env, info));
	return NULL;
}

static void close_at_exit(void *g)
{
	gate_close(g);
}

/* When the environment, that of the program or of a worker, is torn down. */
static napi_value close_later(napi_env env, napi_callback_info info)
{
	must(napi_add_env_cleanup_hook(env, close_at_exit, gate_of(env, info)));
	return NULL;
}

/* --- finalizers --- */

static bool ended; /* a finalizer has been called since the last look */

static void close_finally(napi_env env, void *g, void *hint)
{
	(void)env, (void)hint;
	ended = true;
	gate_close(g);
}

static void note_finally(napi_env env, void *g, void *hint)
{
	(void)env, (void)g, (void)hint;
	ended = true;
}

static napi_value with_finalizer(napi_env env, napi_callback_info info, napi_finalize finalizer)
{
	napi_value result;
	must(napi_create_external(env, gate_of(env, info), finalizer, NULL, &result));
	return result;
}

static napi_value closed_with(napi_env env, napi_callback_info info)
{
	return with_finalizer(env, info, close_finally);
}

static napi_value noted_with(napi_env env, napi_callback_info info)
{
	return with_finalizer(env, info, note_finally);
}

/* What is a finalizer elsewhere is called as any function. */
static napi_value close_by_hand(napi_env env, napi_callback_info info)
{
	close_finally(env, gate_of(env, info), NULL);
	return NULL;
}

static napi_value has_ended(napi_env env, napi_callback_info info)
{
	(void)info;
	napi_value result;
	must(napi_get_boolean(env, ended, &result));
	ended = false;
	return result;
}

static napi_value await_parked(napi_env env, napi_callback_info info)
{
	gate_await_parked(gate_of(env, info), 1);
	return NULL;
}

static napi_value let_go(napi_env env, napi_callback_info info)
{
	gate_let_go(gate_of(env, info));
	return NULL;
}

/* --- waiting --- */

struct wait {
	gate *gate;
	int result;
	napi_async_work work;
	napi_deferred promise;
};

static void on_pool(napi_env env, void *argument)
{
	(void)env;
	struct wait *wait = argument;
	wait->result = gate_wait(wait->gate);
}

static void when_done(napi_env env, napi_status status, void *argument)
{
	struct wait *wait = argument;
	must(status);
	must(napi_resolve_deferred(env, wait->promise, number(env, wait->result)));
	must(napi_delete_async_work(env, wait->work));
	free(wait);
}

static napi_value wait_gate(napi_env env, napi_callback_info info)
{
	struct wait *wait = calloc(1, sizeof *wait);
	if (!wait)
		abort();
	wait->gate = gate_of(env, info);
	napi_value promise, name;
	must(napi_create_promise(env, &wait->promise, &promise));
	must(napi_create_string_utf8(env, "wait", NAPI_AUTO_LENGTH, &name));
	must(napi_create_async_work(env, NULL, name, on_pool, when_done, wait, &wait->work));
	must(napi_queue_async_work(env, wait->work));
	return promise;
}

static void export(napi_env env, napi_value exports, const char *name, napi_callback function)
{
	napi_value value;
	must(napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value));
	must(napi_set_named_property(env, exports, name, value));
}

NAPI_MODULE_INIT()
{
	export(env, exports, "open", open_gate);
	export(env, exports, "touch", touch);
	export(env, exports, "wait", wait_gate);
	export(env, exports, "close", close_gate);
	export(env, exports, "closeLater", close_later);
	export(env, exports, "closedWith", closed_with);
	export(env, exports, "notedWith", noted_with);
	export(env, exports, "closeByHand", close_by_hand);
	export(env, exports, "hasEnded", has_ended);
	export(env, exports, "awaitParked", await_parked);
	export(env, exports, "letGo", let_go);
	return exports;
}
