/* COPY says which of several copies of a library this is. It also calls a function of its own by its name. */
int thing_which(void);
int thing_twice(void);

int thing_which(void)
{
	return COPY;
}

int thing_twice(void)
{
	return thing_which() + 10;
}
