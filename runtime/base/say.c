#include "base/say.h"

#include <string.h>
#include <unistd.h>

#include "base/sys.h"

void hg_say(const char *a, const char *b, const char *c, const char *d)
{
	const char *pieces[] = {"handleguard: ", a, b, c, d, "\n"};
	char line[512]; /* no limit: of a longer one the end is not said, which can be seen */
	size_t used = 0;
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		size_t size = pieces[i] ? strlen(pieces[i]) : 0;
		size_t room = sizeof line - 1 - used;
		memcpy(line + used, pieces[i] ? pieces[i] : "", size < room ? size : room);
		used += size < room ? size : room;
	}
	line[used - 1] = '\n';
	hg_syscall(SYS_write, STDERR_FILENO, (long)line, (long)used, 0, 0, 0);
}
