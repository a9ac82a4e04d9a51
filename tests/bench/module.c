/* A plugin as programs load them by the hundred: a few functions that use the C library. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTION(number)                                                                                               \
	char *module_function_##number(const char *text);                                                              \
	char *module_function_##number(const char *text)                                                               \
	{                                                                                                              \
		char *copy = malloc(strlen(text) + number);                                                            \
		return copy ? strcpy(copy, text) : NULL;                                                               \
	}

FUNCTION(1)
FUNCTION(2)
FUNCTION(3)
FUNCTION(4)
FUNCTION(5)
FUNCTION(6)
FUNCTION(7)
FUNCTION(8)

void module_say(const char *text);
void module_say(const char *text)
{
	puts(text);
}
