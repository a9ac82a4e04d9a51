/* A file is visited and closed, another one is left open: HDF5 closes it itself, as the process ends.
 *
 * observed: same
 * recording: handles.file.created=2 handles.file.freed=2 handles.group.freed=2
 */
#include "hdf5.h"

static herr_t look(hid_t group, const char *name, const H5L_info_t *info, void *unused)
{
	(void)group, (void)info, (void)unused;
	return strcmp(name, "g") == 0 ? 0 : -1;
}

static void visit_file(void *file)
{
	CHECK(visit(*(hid_t *)file, look, NULL) >= 0);
}

int main(void)
{
	struct side visitor;
	hid_t visited = file_with_group("visited"), left = file_with_group("left");
	start(&visitor, "visitor", visit_file, &visited);
	join(&visitor);
	CHECK(H5Fclose(visited) >= 0);
	CHECK(H5Fflush(left, H5F_SCOPE_GLOBAL) >= 0);
	return 0;
}
