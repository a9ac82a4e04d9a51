/* Processes that find nothing leave small files, a forked child and its parent: what they do not write has no blocks on
 * the disk.
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

/* Mostly the manifest's 300 functions. */
static void check_size(pid_t process)
{
	long blocks = blocks_of(getenv("HANDLEGUARD_OUTPUT"), process);
	CHECK(blocks > 0 && blocks <= 80);
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
	check_size(child);
	gate_close(g);
	check_size(getpid());
	return 0;
}
