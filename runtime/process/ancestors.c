/* Kept in memory that a child gets a copy of. Whether an ancestor is there still, each process asks once. */
#include "process/ancestors.h"

#include "process/process.h"
#include "process/status.h"

enum { MOST = 16 }; /* no limit: of more, the oldest count as one */

enum answer { NOT_ASKED, THERE, GONE };

static struct ancestor {
	uint64_t since; /* ticks */
	uint32_t pid;
	_Atomic uint32_t answer; /* enum answer: of this process */
} ancestors[MOST];               /* the last is this process */
static unsigned count;

void hg_ancestors_note(uint64_t ticks)
{
	if (count == MOST) {
		for (unsigned i = 1; i + 1 < MOST; i++)
			ancestors[i] = ancestors[i + 1];
		count--;
	}
	for (unsigned i = 0; i < count; i++)
		atomic_store(&ancestors[i].answer, NOT_ASKED);
	ancestors[count].since = ticks;
	ancestors[count].pid = hg_process_pid();
	count++;
}

/* One that has ended can be there till its parent has heard of it; and its number can be another's by now, which is
 * younger than this process. */
static bool is_there(uint32_t pid)
{
	struct hg_process_status its, ours;
	if (hg_syscall(SYS_kill, pid, 0, 0, 0, 0, 0) == -ESRCH)
		return false;
	if (!hg_process_read_status(pid, &its))
		return true;
	if (its.state == 'Z' || its.state == 'X')
		return false;
	return !hg_process_read_status(hg_process_pid(), &ours) || its.started <= ours.started;
}

bool hg_ancestor_outlived(uint64_t ticks)
{
	struct ancestor *its = &ancestors[0];
	for (unsigned i = 1; i + 1 < count && ancestors[i].since <= ticks; i++)
		its = &ancestors[i];
	uint32_t answer = atomic_load(&its->answer), none = NOT_ASKED;
	if (answer == NOT_ASKED) {
		answer = is_there(its->pid) ? THERE : GONE;
		/* Of two threads that ask at once, one has asked first. */
		if (!atomic_compare_exchange_strong(&its->answer, &none, answer))
			answer = none;
	}
	return answer == THERE;
}
