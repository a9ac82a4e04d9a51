/* A forked child that finds nothing leaves a small file: what it does not write has no blocks on the disk.
 *
 * recordings: 2
 * recording: handles.gate.freed=1
 * child: calls.gate_touch=1
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "scenario.h"

/* In KiB, once they are written out. */
static long blocks_of(const char *folder, pid_t process)
{
	char number[32];
	long blocks = -1;
	snprintf(number, sizeof number, ".%d.", process);
	DIR *entries = opendir(folder);
	CHECK(entries);
	for (struct dirent *entry; (entry = readdir(entries));) {
		struct stat status;
		if (!strstr(entry->d_name, number))
			continue;
		int file = openat(dirfd(entries), entry->d_name, O_RDONLY);
		CHECK(file >= 0 && fsync(file) == 0 && fstat(file, &status) == 0);
		CHECK(status.st_size > 1 << 20);
		close(file);
		blocks = status.st_blocks / 2;
	}
	closedir(entries);
	return blocks;
}

int main(void)
{
	int status = 0;
	gate *g = gate_open();
	CHECK(gate_touch(g) == 1);
	pid_t child = fork();
	if (child == 0) {
		CHECK(gate_touch(g) == 1);
		exit(0);
	}
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	long blocks = blocks_of(getenv("HANDLEGUARD_OUTPUT"), child);
	CHECK(blocks > 0 && blocks <= 64);
	gate_close(g);
	return 0;
}
