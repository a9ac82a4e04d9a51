#include "api/inline_ops.h"

#include "process/fence.h"
#include "process/process.h"
#include "protocol/sanitizers.h"
#include "thread/thread.h"

/* They make no fences, and ask neither whose child the process is nor for the thread sanitizer. */
static bool are_allowed(void)
{
	return atomic_load(&hg_fence_kind) == HG_FENCE_MEMBARRIER && !atomic_load(&hg_process_forks_unseen) &&
	       !hg_sanitizer_orders();
}

static bool close(struct hg_context *context, void *unused)
{
	(void)unused;
	atomic_store(&context->inline_limit, NULL);
	return true;
}

void hg_inline_ops_open(struct hg_context *context)
{
	atomic_store(&context->inline_limit, context->limit);
	/* Who closes them all says first why: either that is seen here, or this context is seen there. */
	if (!are_allowed())
		close(context, NULL);
}

void hg_inline_ops_close(void)
{
	hg_contexts_each(close, NULL);
}
