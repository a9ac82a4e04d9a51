/* Frees a handle twice, the second time in code that it makes at run time, and says in a perf map what that is. The map
 * is made as old as a file that is given, or another user's ("nobody"). */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "net.h"

typedef void caller(struct net *net, void (*callee)(struct net *));

/* push %rbp; mov %rsp,%rbp; call *%rsi; pop %rbp; ret */
static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0xff, 0xd6, 0x5d, 0xc3};

static caller *make_code(void)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		exit(2);
	memcpy(at, code, sizeof(code));
	mprotect(at, 4096, PROT_READ | PROT_EXEC);
	caller *made;
	memcpy(&made, &at, sizeof(made));
	return made;
}

static void write_map(caller *made, const char *name, const char *as_old_as)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof(path), "/tmp/perf-%d.map", (int)getpid());
	FILE *map = fopen(path, "w");
	if (!map)
		exit(3);
	fprintf(map, "no line of a map\n%" PRIxPTR " %zx given up before\n", (uintptr_t)made, sizeof(code));
	fprintf(map, "%" PRIxPTR " %zx %s\n%" PRIxPTR " 8 behind it\n", (uintptr_t)made, sizeof(code), name,
	        (uintptr_t)made + sizeof(code));
	fclose(map);
	if (as_old_as && strcmp(as_old_as, "nobody") == 0 && chown(path, 65534, 65534) != 0)
		exit(4);
	if (as_old_as && stat(as_old_as, &status) == 0) {
		const struct timespec times[] = {status.st_mtim, status.st_mtim};
		utimensat(AT_FDCWD, path, times, 0);
	}
	puts(path);
}

int main(int argc, char **argv)
{
	struct net *net = net_open();
	caller *made = make_code();

	write_map(made, argv[1], argc > 2 ? argv[2] : NULL);
	net_close(net);
	made(net, net_close);
	return 0;
}
