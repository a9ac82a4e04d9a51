/* Usage: world_sd-journal quiet|race
 * Reads a folder of its own, in which there is no journal yet. `quiet` does so on several threads, each of them with a
 * journal of its own. `race` closes a journal from another thread, which is not allowed at any time, while its own
 * thread waits for changes. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "parked.h"
#include "quiet.h"

static char folder[] = "/tmp/handleguard-journal-XXXXXX";

static sd_journal *open_folder(void)
{
	sd_journal *journal = NULL;

	MUST(sd_journal_open_directory(&journal, folder, 0) == 0 && journal);
	return journal;
}

static void *read_folder(void *unused)
{
	for (int i = 0; i < 20; i++) {
		const void *data;
		size_t size;
		sd_journal *journal = open_folder();
		MUST(sd_journal_add_match(journal, "PRIORITY=3", 0) == 0 && sd_journal_add_disjunction(journal) == 0);
		sd_journal_flush_matches(journal);
		MUST(sd_journal_seek_tail(journal) == 0 && sd_journal_previous(journal) == 0 &&
		     sd_journal_next(journal) == 0);
		MUST(sd_journal_get_data(journal, "MESSAGE", &data, &size) < 0);
		MUST(sd_journal_query_unique(journal, "UNIT") == 0 &&
		     sd_journal_enumerate_unique(journal, &data, &size) == 0);
		MUST(sd_journal_get_fd(journal) >= 0 && sd_journal_process(journal) == SD_JOURNAL_NOP);
		sd_journal_close(journal);
	}
	sd_journal_close(NULL);
	return unused;
}

static void quiet(void)
{
	pthread_t threads[3];
	sd_journal *journal = NULL;

	for (int i = 0; i < 3; i++)
		threads[i] = start(read_folder, NULL);
	for (int i = 0; i < 3; i++)
		join(threads[i]);
	MUST(sd_journal_open_directory(&journal, "/nowhere", 0) < 0);
}

static sd_journal *_Atomic opened;
static _Atomic pid_t waiter;

static void *wait_for_changes(void *unused)
{
	sd_journal *journal = open_folder();

	MUST(sd_journal_get_fd(journal) >= 0);
	waiter = (pid_t)syscall(SYS_gettid);
	opened = journal;
	MUST(sd_journal_wait(journal, UINT64_MAX) >= 0);
	return unused;
}

static void race(void)
{
	char path[64];
	pthread_t thread = start(wait_for_changes, NULL);

	await_parked(&waiter);
	sd_journal *journal = opened;
	sd_journal_close(journal); /* gives up at the deadline */
	MUST(sd_journal_next(journal) == -EINVAL);
	snprintf(path, sizeof(path), "%s/system.journal", folder);
	MUST(symlink("/nowhere", path) == 0); /* which wakes who waits */
	join(thread);
	unlink(path);
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && mkdtemp(folder));
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	rmdir(folder);
	return 0;
}
