/* Filters for system calls, as sandboxes install them. */
#ifndef FILTER_H
#define FILTER_H

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct filtered_call {
	int number;
	bool by_argument; /* else whatever its arguments are */
	int argument;     /* the low half of this one, from 0 on, must be `least` or more, and `most` or less */
	uint32_t least, most;
	uint32_t action; /* SECCOMP_RET_... */
};

/* From now on such calls get that; all others are made. `flags`: SECCOMP_FILTER_FLAG_...; 0: in this thread, and those
 * that it starts. Returns 0, or the descriptor that a flag asks for; negative: errno says why not. */
int filter_call(const struct filtered_call *call, unsigned flags);

/* Installs code of its own. */
int filter_by(struct sock_filter *code, size_t count, unsigned flags);

#endif
