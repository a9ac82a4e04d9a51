/* As the process ends, HDF5 closes what is open by a handler that it has registered: it waits for a thread that visits
 * the links of a file, and what comes after is late.
 *
 * finding: late-free file any; call exit_handler in main; op H5Literate in visit<visit_file on visitor; all; drained
 * finding: late-op file f; call H5Fflush in flush_late<main; free exit_handler in main; create H5Fcreate in file_with_group<main
 * recording: handles.file.created=1 handles.file.freed=1 handles.group.freed=1
 */
#include "hdf5.h"

static hid_t file;
static sem_t inside, go_on;

static herr_t stay(hid_t group, const char *name, const H5L_info_t *info, void *unused)
{
	(void)group, (void)name, (void)info, (void)unused;
	sem_post(&inside);
	sem_wait(&go_on);
	return 0;
}

static void visit_file(void *unused)
{
	CHECK(visit(file, stay, unused) >= 0);
	pause();
}

static void let_go(void *ender)
{
	await_drain(ender);
	sem_post(&go_on);
	pause();
}

static void flush_late(void)
{
	CHECK(H5Fflush(file, H5F_SCOPE_GLOBAL) < 0);
}

int main(void)
{
	static struct side visitor, helper, ender;
	ender.tid = getpid();
	CHECK(sem_init(&inside, 0, 0) == 0 && sem_init(&go_on, 0, 0) == 0 && atexit(flush_late) == 0);
	file = file_with_group("left");
	tell_number("f", (unsigned long)file);
	start(&visitor, "visitor", visit_file, NULL);
	sem_wait(&inside);
	start(&helper, "helper", let_go, &ender);
	exit(0);
}
