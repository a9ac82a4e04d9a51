#include "common/signal_name.h"

#include <signal.h>
#include <stddef.h>

#define NAMED(signal) [signal] = #signal

/* By hand, as C libraries before 2.32 tell no names. Of two for one number, the one that POSIX has. */
static const char *const names[] = {
    NAMED(SIGHUP),  NAMED(SIGINT),    NAMED(SIGQUIT), NAMED(SIGILL),  NAMED(SIGTRAP),   NAMED(SIGABRT), NAMED(SIGBUS),
    NAMED(SIGFPE),  NAMED(SIGKILL),   NAMED(SIGUSR1), NAMED(SIGSEGV), NAMED(SIGUSR2),   NAMED(SIGPIPE), NAMED(SIGALRM),
    NAMED(SIGTERM), NAMED(SIGSTKFLT), NAMED(SIGCHLD), NAMED(SIGCONT), NAMED(SIGSTOP),   NAMED(SIGTSTP), NAMED(SIGTTIN),
    NAMED(SIGTTOU), NAMED(SIGURG),    NAMED(SIGXCPU), NAMED(SIGXFSZ), NAMED(SIGVTALRM), NAMED(SIGPROF), NAMED(SIGWINCH),
    NAMED(SIGPOLL), NAMED(SIGPWR),    NAMED(SIGSYS),
};

const char *hg_signal_name(int signal)
{
	size_t number = (size_t)signal;

	return number < sizeof(names) / sizeof(*names) && names[number] ? names[number] : "an unknown signal";
}
