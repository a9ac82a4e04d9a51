#include "manifest/model/manifest.h"

#include <stdlib.h>

void hg_manifest_free(struct hg_manifest *manifest)
{
	if (!manifest)
		return;
	for (size_t i = 0; i < manifest->library_count; i++)
		free(manifest->libraries[i]);
	for (size_t i = 0; i < manifest->class_count; i++) {
		free(manifest->classes[i].name);
		free(manifest->classes[i].nones);
	}
	for (size_t i = 0; i < manifest->function_count; i++) {
		free(manifest->functions[i].name);
		free(manifest->functions[i].uses);
		free(manifest->functions[i].makes);
		free(manifest->functions[i].zeros);
		free(manifest->functions[i].reject_text);
	}
	free(manifest->libraries);
	free(manifest->classes);
	free(manifest->functions);
	free(manifest->name);
	free(manifest->path);
	free(manifest);
}
