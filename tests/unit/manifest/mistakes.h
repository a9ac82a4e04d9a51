/* What a manifest can have wrong, and how it is told. */
#ifndef TEST_MISTAKES_H
#define TEST_MISTAKES_H

#include <stddef.h>

/* The head takes four lines, so functions begin on line 6. */
#define HEAD                                                                                                           \
	"handleguard: 1\n"                                                                                             \
	"library: libnet.so.0\n"
#define CLASSES                                                                                                        \
	"classes:\n"                                                                                                   \
	"  stream: {reject: -EPIPE}\n"
#define FUNCTIONS "functions:\n"

struct mistake {
	const char *text;
	const char *errors; /* in the exact words */
};

extern const struct mistake mistakes[];
extern const size_t mistake_count;

#endif
