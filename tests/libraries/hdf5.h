/* A file that is in memory only, with a group in it. */
#ifndef HDF5_TEST_H
#define HDF5_TEST_H

#include <hdf5.h>

#include "scenario.h"

static inline hid_t file_with_group(const char *name)
{
	hid_t access = H5Pcreate(H5P_FILE_ACCESS);
	CHECK(access >= 0 && H5Pset_fapl_core(access, 1 << 16, 0) >= 0);
	hid_t file = H5Fcreate(name, H5F_ACC_TRUNC, H5P_DEFAULT, access);
	CHECK(file >= 0 && H5Pclose(access) >= 0);
	hid_t group = H5Gcreate2(file, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
	CHECK(group >= 0 && H5Gclose(group) >= 0);
	return file;
}

/* Its links, one after the other: calls back. */
static inline herr_t visit(hid_t file, H5L_iterate_t each, void *argument)
{
	return H5Literate(file, H5_INDEX_NAME, H5_ITER_INC, NULL, each, argument);
}

#endif
