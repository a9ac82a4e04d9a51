/* The rows of the reference system are told of a stream: a handle of libgate, guarded from outside, or one of libembed,
 * which guards itself. Each row's program is built for both, and runs before the fix of its bug and after it. */
#ifndef STREAM_H
#define STREAM_H

#include "scenario.h"

#ifdef EMBED
#include "embed.h"
typedef embed stream;
#define STREAM(function)         embed_##function
#define STREAM_CLOSE(s, outcome) CHECK(embed_close(s) == (outcome))
#else
typedef gate stream;
#define STREAM(function)         gate_##function
/* What came of it shows in the findings. */
#define STREAM_CLOSE(s, outcome) ((void)(outcome), gate_close(s))
#endif

enum { DRAINED, ALREADY_FREEING, TIMED_OUT };

static inline bool before_the_fix(void)
{
	const char *variant = getenv("VARIANT");
	CHECK(variant);
	return strcmp(variant, "before") == 0;
}

static inline void wait_in_stream(void *s)
{
	CHECK(STREAM(wait)(s) == 2);
}

static inline void close_stream(void *s)
{
	STREAM_CLOSE(s, DRAINED);
}

static inline void close_too_early(void *s)
{
	STREAM_CLOSE(s, TIMED_OUT);
}

static inline void close_again(void *s)
{
	STREAM_CLOSE(s, ALREADY_FREEING);
}

/* Starts an op that stays inside until it is let go. */
static inline void park(struct side *waiter, stream *s)
{
	start(waiter, "waiter", wait_in_stream, s);
	STREAM(await_parked)(s, 1);
}

static inline void unpark(struct side *waiter, stream *s)
{
	STREAM(let_go)(s);
	join(waiter);
}

#endif
