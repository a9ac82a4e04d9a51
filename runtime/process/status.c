#include "process/status.h"

#include <fcntl.h>
#include <string.h>

#include "base/compose.h"
#include "base/sys.h"

/* The text of /proc/PID/stat; false: there is none. */
static bool read_text(uint32_t pid, char *text, unsigned size)
{
	char path[40]; /* no limit: longer than any such name */
	hg_put(hg_put_number(hg_put(path, "/proc/"), pid), "/stat");
	long file = hg_syscall(SYS_openat, AT_FDCWD, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
	if (file < 0)
		return false;
	long length = hg_syscall(SYS_read, file, (long)text, size - 1, 0, 0, 0);
	hg_syscall(SYS_close, file, 0, 0, 0, 0, 0);
	text[length > 0 ? length : 0] = 0;
	return length > 0;
}

/* "PID (NAME) STATE ...", the time of its start being the twentieth field from there on; a name can hold anything. */
bool hg_process_read_status(uint32_t pid, struct hg_process_status *status)
{
	enum { START = 19 }; /* no limit: a place in a line */
	char text[1024];     /* no limit: a name is of 15 characters, and what is read comes soon after it */
	if (!read_text(pid, text, sizeof text))
		return false;
	const char *at = strrchr(text, ')');
	if (!at || at[1] != ' ')
		return false;
	status->state = *(at += 2);
	for (unsigned field = 0; field < START; at++) {
		if (!*at)
			return false;
		field += *at == ' ';
	}
	for (status->started = 0; *at >= '0' && *at <= '9'; at++)
		status->started = 10 * status->started + (uint64_t)(*at - '0');
	return true;
}
