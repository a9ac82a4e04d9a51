/* Usage: world_libgdal quiet|race
 * `quiet` makes, fills and reads datasets in memory, of pixels and of features, on several threads, each those of its
 * own. `race` closes a dataset while another thread goes through one of its bands, uses both afterwards, closes one
 * before its features are destroyed, and one in a forked child. */
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <semaphore.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "quiet.h"

enum { SIZE = 32 };

static GDALDatasetH pixels(void)
{
	GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("MEM"), "", SIZE, SIZE, 1, GDT_Byte, NULL);

	MUST(dataset && GDALFillRaster(GDALGetRasterBand(dataset, 1), 7, 0) == CE_None);
	return dataset;
}

static GDALDatasetH features(void)
{
	GDALDatasetH dataset = GDALCreate(GDALGetDriverByName("Memory"), "", 0, 0, 0, GDT_Unknown, NULL);
	OGRLayerH layer = GDALDatasetCreateLayer(dataset, "points", NULL, wkbPoint, NULL);

	MUST(layer);
	for (int i = 0; i < 3; i++) {
		OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(layer));
		MUST(OGR_F_SetFID(feature, i) == OGRERR_NONE && OGR_L_CreateFeature(layer, feature) == OGRERR_NONE);
		OGR_F_Destroy(feature);
	}
	return dataset;
}

/* ---- What is allowed ---- */

static void read_pixels(void)
{
	unsigned char row[SIZE];
	double least, most, mean, deviation;
	GDALDatasetH dataset = pixels(), copy;
	GDALRasterBandH band = GDALGetRasterBand(dataset, 1);

	MUST(GDALGetRasterXSize(dataset) == SIZE && GDALGetRasterBandXSize(band) == SIZE &&
	     GDALGetBandDataset(band) == dataset);
	MUST(GDALRasterIO(band, GF_Read, 0, 1, SIZE, 1, row, SIZE, 1, GDT_Byte, 0, 0) == CE_None && row[SIZE - 1] == 7);
	MUST(GDALComputeRasterStatistics(band, false, &least, &most, &mean, &deviation, NULL, NULL) == CE_None &&
	     mean == 7);
	copy = GDALCreateCopy(GDALGetDriverByName("MEM"), "", dataset, false, NULL, NULL, NULL);
	MUST(copy && GDALReferenceDataset(copy) == 2 && GDALReleaseDataset(copy) == false);
	/* So others make sure that it was the last reference. */
	MUST(GDALDereferenceDataset(dataset) == 0);
	GDALClose(dataset);
	MUST(GDALGetRasterCount(copy) == 1);
	GDALClose(copy);
}

static void read_features(void)
{
	int count = 0;
	GDALDatasetH dataset = features();
	OGRLayerH layer = GDALDatasetGetLayer(dataset, 0), found;

	MUST(GDALDatasetGetLayerByName(dataset, "points") == layer && OGR_L_GetFeatureCount(layer, true) == 3);
	OGR_L_ResetReading(layer);
	for (OGRFeatureH feature; (feature = OGR_L_GetNextFeature(layer)); OGR_F_Destroy(feature))
		MUST(OGR_F_GetFID(feature) == count++);
	found = GDALDatasetExecuteSQL(dataset, "SELECT * FROM points WHERE FID > 0", NULL, NULL);
	MUST(count == 3 && found && OGR_L_GetFeatureCount(found, true) == 2);
	GDALDatasetReleaseResultSet(dataset, found);
	GDALClose(dataset);
}

static void *use_datasets(void *unused)
{
	for (int i = 0; i < 20; i++) {
		read_pixels();
		read_features();
	}
	return unused;
}

static void quiet(void)
{
	pthread_t threads[] = {start(use_datasets, NULL), start(use_datasets, NULL)};

	join(threads[0]);
	join(threads[1]);
}

/* ---- What is not ---- */

static sem_t is_inside, may_go_on;

static int wait_inside(double done, const char *message, void *has_waited)
{
	MUST(done >= 0 && message);
	if (!*(bool *)has_waited) {
		*(bool *)has_waited = true;
		sem_post(&is_inside);
		sem_wait(&may_go_on);
	}
	return true;
}

static void *go_through(void *band)
{
	double least, most, mean, deviation;
	bool has_waited = false;

	GDALComputeRasterStatistics(band, false, &least, &most, &mean, &deviation, wait_inside, &has_waited);
	return NULL;
}

static void close_under_a_call(void)
{
	GDALDatasetH dataset = pixels();
	GDALRasterBandH band = GDALGetRasterBand(dataset, 1);

	MUST(sem_init(&is_inside, 0, 0) == 0 && sem_init(&may_go_on, 0, 0) == 0);
	pthread_t thread = start(go_through, band);
	sem_wait(&is_inside);
	GDALClose(dataset); /* gives up at the deadline */
	MUST(GDALGetProjectionRef(dataset) == NULL);
	sem_post(&may_go_on);
	join(thread);
	MUST(GDALFillRaster(band, 1, 0) == CE_Failure);
	GDALClose(dataset);
}

static void close_before_its_features(void)
{
	GDALDatasetH dataset = features();
	OGRFeatureH feature = OGR_L_GetFeature(GDALDatasetGetLayer(dataset, 0), 1);

	MUST(feature);
	GDALClose(dataset);
	OGR_F_Destroy(feature);
}

static void close_in_child(void)
{
	int status;
	GDALDatasetH dataset = pixels();
	pid_t child = fork();

	if (child == 0) {
		GDALClose(dataset); /* its parent's */
		_exit(0);
	}
	MUST(waitpid(child, &status, 0) == child && status == 0);
	GDALClose(dataset);
}

static void race(void)
{
	close_under_a_call();
	close_before_its_features();
	close_in_child();
}

int main(int argc, char **argv)
{
	MUST(argc == 2);
	GDALAllRegister();
	(strcmp(argv[1], "quiet") == 0 ? quiet : race)();
	return 0;
}
