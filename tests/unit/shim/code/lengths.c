/* Reads the bytes of one instruction a line, in hexadecimal numbers, and says of which the length is read otherwise. */
#include <stdio.h>
#include <stdlib.h>

#include "code/effects.h"

enum { LINE = 256, BYTES = 16 };

int main(void)
{
	char line[LINE];
	unsigned long different = 0;
	while (fgets(line, sizeof line, stdin)) {
		uint8_t bytes[BYTES];
		unsigned count = 0;
		char *at = line, *end;
		for (unsigned long byte = strtoul(at, &end, 16); end != at && count < BYTES;
		     byte = strtoul(at, &end, 16)) {
			bytes[count++] = (uint8_t)byte;
			at = end;
		}
		struct hg_instruction instruction;
		hg_read_instruction((uint64_t)bytes, (uint64_t)(bytes + count), &instruction);
		if (instruction.length != count) {
			different++;
			printf("%u instead of %u: %s", instruction.length, count, line);
		}
	}
	return different != 0;
}
