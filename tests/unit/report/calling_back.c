/* Calls back, so that the caller learns a return address in here and the line that it belongs to. */
int call_back(void (*callback)(void *), void *argument);

int call_back(void (*callback)(void *), void *argument)
{
	callback(argument);
	return __LINE__ - 1;
}
