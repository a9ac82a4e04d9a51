/* Usage: world_libhdf5 quiet|race
 * `quiet` writes, reads and visits files in memory on several threads, and has datasets outlive their file. `race`
 * closes a group while another thread visits its attributes, and a file twice. */
#include <hdf5.h>
#include <semaphore.h>
#include <string.h>

#include "quiet.h"

static atomic_int number;

static hid_t file_in_memory(void)
{
	char name[32];
	hid_t access = H5Pcreate(H5P_FILE_ACCESS);

	snprintf(name, sizeof(name), "file-%d", number++);
	MUST(access >= 0 && H5Pset_fapl_core(access, 4096, 0) >= 0);
	hid_t file = H5Fcreate(name, H5F_ACC_TRUNC, H5P_DEFAULT, access);
	MUST(file >= 0 && H5Pclose(access) >= 0);
	return file;
}

static void add_attribute(hid_t object, const char *name)
{
	int value = 7;
	hid_t space = H5Screate(H5S_SCALAR);
	hid_t attribute = H5Acreate2(object, name, H5T_NATIVE_INT, space, H5P_DEFAULT, H5P_DEFAULT);

	MUST(attribute >= 0 && H5Awrite(attribute, H5T_NATIVE_INT, &value) >= 0);
	MUST(H5Aclose(attribute) >= 0 && H5Sclose(space) >= 0);
}

/* ---- What is allowed ---- */

static hid_t write_dataset(hid_t group)
{
	hsize_t size = 4;
	int values[] = {1, 2, 3, 4};
	hid_t space = H5Screate_simple(1, &size, NULL), type = H5Tcopy(H5T_NATIVE_INT);
	hid_t set = H5Dcreate2(group, "set", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

	MUST(set >= 0 && H5Dwrite(set, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
	MUST(H5Tclose(type) >= 0 && H5Sclose(space) >= 0);
	return set;
}

static void read_dataset(hid_t set)
{
	int values[4];
	hid_t space = H5Dget_space(set), type = H5Dget_type(set);

	MUST(H5Sget_simple_extent_npoints(space) == 4 && H5Tget_size(type) == sizeof(int));
	MUST(H5Dread(set, H5T_NATIVE_INT, H5S_ALL, space, H5P_DEFAULT, values) >= 0 && values[3] == 4);
	MUST(H5Sclose(space) >= 0 && H5Tclose(type) >= 0);
}

static herr_t count(hid_t object, const char *name, const H5A_info_t *info, void *counted)
{
	MUST(object >= 0 && name && info);
	++*(int *)counted;
	return 0;
}

static void visit_attributes(hid_t group)
{
	int counted = 0;

	add_attribute(group, "first");
	add_attribute(group, "second");
	MUST(H5Aiterate2(group, H5_INDEX_NAME, H5_ITER_INC, NULL, count, &counted) >= 0 && counted == 2);
	hid_t attribute = H5Aopen(group, "first", H5P_DEFAULT), type = H5Aget_type(attribute);
	MUST(H5Tequal(type, H5T_NATIVE_INT) > 0 && H5Tclose(type) >= 0 && H5Aclose(attribute) >= 0);
}

static void *use_files(void *unused)
{
	for (int i = 0; i < 20; i++) {
		hid_t file = file_in_memory(), group = H5Gcreate2(file, "group", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
		hid_t set = write_dataset(group);
		visit_attributes(group);
		MUST(H5Iinc_ref(group) == 2 && H5Gclose(group) >= 0 && H5Lexists(group, "set", H5P_DEFAULT) > 0);
		MUST(H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0 && H5Gclose(group) >= 0);
		/* The file stays until its last object is closed. */
		MUST(H5Fclose(file) >= 0);
		read_dataset(set);
		file = H5Iget_file_id(set);
		MUST(H5Dclose(set) >= 0 && H5Iis_valid(set) == 0 && H5Idec_ref(file) == 0);
	}
	return unused;
}

/* What is left open is closed as the process ends. */
static void quiet(void)
{
	pthread_t threads[] = {start(use_files, NULL), start(use_files, NULL)};

	join(threads[0]);
	join(threads[1]);
	add_attribute(file_in_memory(), "left");
}

/* ---- What is not ---- */

static sem_t is_inside, may_go_on;

static herr_t wait_inside(hid_t object, const char *name, const H5A_info_t *info, void *unused)
{
	MUST(object >= 0 && name && info && !unused);
	sem_post(&is_inside);
	sem_wait(&may_go_on);
	return 0;
}

static void *visit(void *group)
{
	H5Aiterate2(*(hid_t *)group, H5_INDEX_NAME, H5_ITER_INC, NULL, wait_inside, NULL);
	return NULL;
}

static void close_under_a_visit(void)
{
	hid_t file = file_in_memory(), group = H5Gcreate2(file, "group", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);

	add_attribute(group, "first");
	MUST(sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	pthread_t thread = start(visit, &group);
	sem_wait(&is_inside);
	H5Gclose(group); /* gives up at the deadline */
	MUST(H5Aexists(group, "first") < 0);
	sem_post(&may_go_on);
	join(thread);
	MUST(H5Fclose(file) >= 0 && H5Fclose(file) < 0); /* says the library itself */
}

static void race(void)
{
	close_under_a_visit();
}

int main(int argc, char **argv)
{
	MUST(argc == 2 && H5open() >= 0);
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
