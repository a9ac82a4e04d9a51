/* Correct: what is called while the pump is closed is called by itself. */
#include <stdio.h>

#include "pump.h"

int main(void)
{
	for (int i = 0; i < 20; i++) {
		pump *p = pump_open();
		pump_start(p);
		pump_push(p);
		pump_close(p);
	}
	puts("done");
	return 0;
}
