#include "pump.h"

int pump_note(pump *p);

int pump_push(pump *p)
{
	return pump_note(p);
}

int pump_flush(pump *p)
{
	return pump_push(p);
}
