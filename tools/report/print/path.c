#include "report/print/path.h"

#include <ctype.h>
#include <string.h>

const char *hg_path_in_source(const char *file, const struct hg_report_options *options)
{
	const char *root = options->source_root;
	size_t length = root ? strlen(root) : 0;

	while (length > 0 && root[length - 1] == '/')
		length--;
	if (length > 0 && strncmp(file, root, length) == 0 && file[length] == '/')
		file += length + strspn(file + length, "/");
	while (strncmp(file, "./", 2) == 0)
		file += 2;
	return file;
}

const char *hg_path_uri(struct hg_model *model, const char *path)
{
	static const char digits[] = "0123456789ABCDEF";
	static const char scheme[] = "file://";
	char *uri = hg_model_take(model, strlen(scheme) + 3 * strlen(path) + 1);
	char *to = uri;

	if (*path == '/')
		to = stpcpy(to, scheme);
	for (; *path != '\0'; path++) {
		unsigned char byte = (unsigned char)*path;
		if (isalnum(byte) || strchr("-._~/", byte)) {
			*to++ = (char)byte;
			continue;
		}
		*to++ = '%';
		*to++ = digits[byte >> 4];
		*to++ = digits[byte & 15];
	}
	*to = '\0';
	return uri;
}
