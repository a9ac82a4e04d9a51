/* By this the object is known for what it is, where nothing but exported functions is left to tell. */
void *PyInit_caller(void);
void *PyInit_caller(void)
{
	return (void *)0;
}
