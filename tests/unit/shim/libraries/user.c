/* Uses the copy that it is linked with: calls a function of it and has its address in data, and takes that of another
 * one in code. */
int thing_which(void);
int thing_twice(void);

typedef int function(void);

int user_calls(void);
function *user_address(void);
extern function *user_pointer;

function *user_pointer = thing_which;

int user_calls(void)
{
	return thing_which() + 100; /* no jump */
}

function *user_address(void)
{
	return thing_twice;
}
