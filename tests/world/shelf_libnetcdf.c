/* Usage: world_libnetcdf quiet|race
 * `quiet` writes and reads files in memory, in the classic format and with groups, on two threads that take turns.
 * `race` closes a file while another thread writes it out through a filter, asks it at the same time and afterwards,
 * and closes it once more. */
#include <hdf5.h>
#include <netcdf.h>
#include <netcdf_filter.h>
#include <semaphore.h>
#include <stdbool.h>
#include <string.h>

#include "quiet.h"

enum { SIZE = 64 };

static int file_in_memory(const char *name, int format)
{
	int file;

	MUST(nc_create(name, NC_DISKLESS | NC_CLOBBER | format, &file) == NC_NOERR);
	return file;
}

static int variable_in(int file)
{
	int dimension, variable;

	MUST(nc_def_dim(file, "x", SIZE, &dimension) == NC_NOERR);
	MUST(nc_def_var(file, "v", NC_INT, 1, &dimension, &variable) == NC_NOERR);
	return variable;
}

/* ---- What is allowed ---- */

static void write_and_read(int file, int group)
{
	int values[SIZE] = {0}, count, value, variable = variable_in(group);
	size_t last = SIZE - 1;

	MUST(nc_put_att_text(group, variable, "units", 1, "m") == NC_NOERR && nc_enddef(file) == NC_NOERR);
	values[last] = 7;
	MUST(nc_put_var_int(group, variable, values) == NC_NOERR && nc_sync(file) == NC_NOERR);
	MUST(nc_get_var1_int(group, variable, &last, &value) == NC_NOERR && value == 7);
	MUST(nc_inq_varid(group, "v", &variable) == NC_NOERR && nc_inq_varid(group, "w", &variable) == NC_ENOTVAR);
	MUST(nc_inq_nvars(group, &count) == NC_NOERR && count == 1 && nc_close(file) == NC_NOERR);
}

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void *use_files(void *name)
{
	for (int i = 0; i < 10; i++) {
		int file, group;
		pthread_mutex_lock(&turn);
		file = file_in_memory(name, 0);
		write_and_read(file, file);
		file = file_in_memory(name, NC_NETCDF4);
		MUST(nc_def_grp(file, "group", &group) == NC_NOERR);
		write_and_read(file, group);
		file = file_in_memory(name, NC_NETCDF4);
		MUST(nc_def_grp(file, "other", &group) == NC_NOERR && nc_inq_ncid(file, "other", &group) == NC_NOERR);
		write_and_read(file, group);
		file = file_in_memory(name, 0);
		MUST(nc_abort(file) == NC_NOERR && nc_open("/nowhere", NC_NOWRITE, &file) != NC_NOERR);
		pthread_mutex_unlock(&turn);
	}
	return NULL;
}

static void quiet(void)
{
	char one[] = "one.nc", other[] = "other.nc";
	pthread_t threads[] = {start(use_files, one), start(use_files, other)};

	join(threads[0]);
	join(threads[1]);
}

/* ---- What is not ---- */

static sem_t is_inside, may_go_on;
static atomic_bool waits;

/* It leaves the data as they are. */
static size_t wait_inside(unsigned flags, size_t count, const unsigned *values, size_t bytes, size_t *size,
                          void **buffer)
{
	(void)flags, (void)values;
	MUST(count == 0 && *size >= bytes && *buffer);
	if (atomic_exchange(&waits, false)) {
		sem_post(&is_inside);
		sem_wait(&may_go_on);
	}
	return bytes;
}

enum { FILTER = 300 }; /* for anybody's own use */

static int file_with_filter(void)
{
	static const H5Z_class2_t filter = {H5Z_CLASS_T_VERS, FILTER, 1, 1, "wait", NULL, NULL, wait_inside};
	size_t chunk = SIZE;
	int values[SIZE] = {0}, file = file_in_memory("filtered.nc", NC_NETCDF4), variable = variable_in(file);

	MUST(H5Zregister(&filter) >= 0 && nc_def_var_chunking(file, variable, NC_CHUNKED, &chunk) == NC_NOERR);
	MUST(nc_def_var_filter(file, variable, FILTER, 0, NULL) == NC_NOERR && nc_enddef(file) == NC_NOERR);
	MUST(nc_put_var_int(file, variable, values) == NC_NOERR);
	return file;
}

static void *write_out(void *file)
{
	nc_sync(*(int *)file);
	return NULL;
}

static void race(void)
{
	int count, file = file_with_filter();

	MUST(sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	waits = true;
	pthread_t thread = start(write_out, &file);
	sem_wait(&is_inside);
	MUST(nc_inq_nvars(file, &count) == NC_NOERR && count == 1); /* two threads in the library */
	nc_close(file);                                             /* gives up at the deadline */
	MUST(nc_inq_ndims(file, &count) == NC_EBADID);
	sem_post(&may_go_on);
	join(thread);
	MUST(nc_redef(file) == NC_EBADID); /* says the library itself */
	nc_close(file);
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
