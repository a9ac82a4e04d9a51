/* Usage: late apart KINDS | late again KINDS
 * Opens and closes a parcel of each of that many kinds, opens another and uses the first one late. The other one is to
 * be elsewhere, and the late op rejected; or, said to be made again of the same memory, both are one. Other blocks
 * come and go as ever. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parcel.h"

static void other_blocks(void)
{
	void *blocks[64];
	for (unsigned i = 0; i < 64; i++)
		blocks[i] = realloc(malloc(16 + 10 * i), 2000 + i);
	for (unsigned i = 0; i < 64; i++)
		free(blocks[i]);
}

static bool try(int kind, bool again)
{
	parcel *old = parcel_open(kind);
	bool good = parcel_touch(old) == 1;
	parcel_close(old);
	parcel *fresh = parcel_open(kind);
	good &= (fresh == old) == again;
	good &= parcel_touch(old) == (again ? 1 : -EPIPE);
	parcel_close(fresh);
	other_blocks();
	return good;
}

int main(int count, char **words)
{
	if (count != 3 || atoi(words[2]) > parcel_kinds())
		return 2;
	bool again = strcmp(words[1], "again") == 0;
	for (int kind = 0; kind < atoi(words[2]); kind++)
		if (!try(kind, again))
			return printf("kind %d is not as expected\n", kind), 3;
	return 0;
}
