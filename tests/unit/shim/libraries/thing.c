/* COPY says which of several copies of a library this is. It also calls functions of its own by their names. */
int thing_which(void);
int thing_twice(void);
int thing_free(void);
int thing_close(void);

int thing_which(void)
{
	return COPY;
}

int thing_twice(void)
{
	return thing_which() + 10;
}

int thing_free(void)
{
	return COPY + 20;
}

int thing_close(void)
{
	return thing_free() + 100;
}
