#include "manifest/model/manifest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool hg_manifest_leaves_out(const struct hg_manifest *manifest, const char *function, int argument)
{
	size_t length = strlen(function);
	char number[16] = ""; /* of the argument; none is the whole function */

	if (argument >= 0)
		snprintf(number, sizeof(number), ".%d", argument);
	for (size_t i = 0; i < manifest->unguarded_count; i++) {
		const char *name = manifest->unguarded[i].name;
		if (strncmp(name, function, length) == 0 && strcmp(name + length, number) == 0)
			return true;
	}
	return false;
}

enum hg_children hg_manifest_children(const struct hg_manifest *manifest, uint32_t parent, unsigned said,
                                      uint32_t child)
{
	if (said < HG_CHILDREN_BY_CLASS)
		return (enum hg_children)said;
	for (size_t i = 0; i < manifest->mean_count; i++) {
		const struct hg_image_means *means = &manifest->means[i];
		if (means->parent_class == parent && means->child_class == child &&
		    means->map == said - HG_CHILDREN_BY_CLASS)
			return (enum hg_children)means->children;
	}
	return HG_CHILDREN_ORPHANED;
}

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
		free(manifest->functions[i].throws);
		free(manifest->functions[i].since);
	}
	for (size_t i = 0; i < manifest->table_count; i++) {
		free(manifest->tables[i].name);
		free(manifest->tables[i].entries);
	}
	for (size_t i = 0; i < manifest->unguarded_count; i++)
		free(manifest->unguarded[i].name);
	free(manifest->tables);
	free(manifest->unguarded);
	free(manifest->libraries);
	free(manifest->classes);
	free(manifest->functions);
	free(manifest->means);
	free(manifest->name);
	free(manifest->path);
	free(manifest);
}
