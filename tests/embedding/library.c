/* What a library does with handleguard.h, in C and C++ alike. */
#include <handleguard.h>

struct stream {
	handleguard *guard;
	int value;
};

void stream_open(struct stream *s);
int stream_recv(struct stream *s, struct stream *other);
void stream_free(struct stream *s);

static handleguard_class streams = {"stream", 0, 0, HANDLEGUARD_DRAIN_BY_OPTION};

void stream_open(struct stream *s)
{
	s->guard = HANDLEGUARD_CREATE(&streams, (uintptr_t)s);
}

/* Two places in one function, one inside the other. */
int stream_recv(struct stream *s, struct stream *other)
{
	handleguard_op op, inner;
	if (!HANDLEGUARD_ENTER(s->guard, &op))
		return -1;
	int result = s->value;
	if (HANDLEGUARD_ENTER(other->guard, &inner)) {
		result += other->value;
		handleguard_leave(&inner);
	}
	handleguard_leave(&op);
	return result;
}

void stream_free(struct stream *s)
{
	if (HANDLEGUARD_BEGIN_FREE(s->guard) == HANDLEGUARD_DRAINED)
		s->value = 0;
}
