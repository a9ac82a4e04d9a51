/* Uses a function of which there are two versions. */
int pick(void);
int use_pick(void);

int use_pick(void)
{
	return pick() + 1;
}
