/* Frees a handle twice, in a test, a thread, a function and a file whose names would do harm in a page that took them
 * for its own. The last byte of the test's name is no UTF-8. */
#include <dlfcn.h>
#include <stddef.h>
#include <sys/prctl.h>

#include "net.h"

#define NAME "</script><script>document.title='owned'</script>\"'&<!--\xff"

static void label(const char *text)
{
	void (*say)(const char *);

	*(void **)&say = dlsym(RTLD_DEFAULT, "handleguard_label");
	if (say)
		say(text);
}

#line 1 "</script><i>.c"
static __attribute__((noinline)) void close_again(struct net *net)
{
	net_close(net);
	__asm__ volatile("");
}

int main(void)
{
	label(NAME);
	prctl(PR_SET_NAME, "<b>\"'&\xff");
	struct net *net = net_open();
	net_close(net);
	close_again(net);
	return 0;
}
