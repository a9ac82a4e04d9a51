/* A library with versions of a function, a hidden one, one that it chooses when it is loaded, and what is none. */
int pick_old(void);
int pick_new(void);
int past_only(void);
int lone(void);
int chosen(void);
extern int number;

int number = 3;

int pick_old(void)
{
	return 1;
}

int pick_new(void)
{
	return 2;
}

int past_only(void)
{
	return 4;
}

int lone(void)
{
	return 5;
}

static int choice(void)
{
	return 6;
}

__attribute__((used)) static int (*choose(void))(void)
{
	return choice;
}

int chosen(void) __attribute__((ifunc("choose")));

__asm__(".symver pick_old, pick@FIRST");
__asm__(".symver pick_new, pick@@SECOND");
__asm__(".symver past_only, past@FIRST");
