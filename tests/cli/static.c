/* Linked statically, by the build. `exec COMMAND...` becomes that command; else it ends with 3. */
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "exec") == 0)
		execv(argv[2], argv + 2);
	return 3;
}
