/* What the system says of a process. */
#ifndef HG_PROCESS_STATUS_H
#define HG_PROCESS_STATUS_H

#include <stdbool.h>
#include <stdint.h>

struct hg_process_status {
	char state;       /* 'R', 'S', 'Z', ... */
	uint64_t started; /* field 22 of /proc/PID/stat: in the system's own units */
};

/* By system calls alone, so at any time. False: there is no such process, or no /proc. */
bool hg_process_read_status(uint32_t pid, struct hg_process_status *status);

#endif
