#include "support.h"
#include "manifest/object/preload_image.h"
#include "manifest/object/preload_object.h"
#include "manifest/parse/read.h"

#include <check.h>
#include <elf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct hg_manifest *parse_text(const char *path, const char *text, char **errors)
{
	size_t size;
	FILE *stream = open_memstream(errors, &size);
	struct hg_manifest *manifest = hg_manifest_parse(path, text, strlen(text), stream);

	fclose(stream);
	return manifest;
}

char *text_of(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	ck_assert_int_ge(vasprintf(&text, format, arguments), 0);
	va_end(arguments);
	return text;
}

char *make_folder(void)
{
	char *folder = text_of("%s/scratch-XXXXXX", TEST_FOLDER);

	ck_assert_ptr_nonnull(mkdtemp(folder));
	return folder;
}

void remove_folder(char *folder)
{
	int status;

	free(output_of(&status, "rm -rf '%s'", folder));
	ck_assert_int_eq(status, 0);
	free(folder);
}

char *build_object(const char *folder, const char *name, const char *text)
{
	return build_object_for(STAND_IN_FOLDER, folder, name, text);
}

char *build_object_for(const char *runtime_directory, const char *folder, const char *name, const char *text)
{
	char *errors, *manifest_path = text_of("%s.yaml", name), *path = text_of("%s/%s.so", folder, name);
	struct hg_manifest *manifest = parse_text(manifest_path, text, &errors);

	ck_assert_str_eq(errors, "");
	struct hg_image *image = hg_manifest_image(manifest, EM_X86_64);
	ck_assert_int_eq(hg_object_write(image, runtime_directory, path, stderr), 0);
	free(image);
	hg_manifest_free(manifest);
	free(errors);
	free(manifest_path);
	return path;
}

char *output_of(int *status, const char *format, ...)
{
	char *command, *whole, *output = NULL;
	size_t size;
	va_list arguments;

	va_start(arguments, format);
	ck_assert_int_ge(vasprintf(&command, format, arguments), 0);
	va_end(arguments);
	whole = text_of("{ %s; } 2>&1", command);
	FILE *pipe = popen(whole, "re"), *stream = open_memstream(&output, &size);
	ck_assert_ptr_nonnull(pipe);
	for (int c; (c = fgetc(pipe)) != EOF;)
		fputc(c, stream);
	*status = WEXITSTATUS(pclose(pipe));
	fclose(stream);
	free(whole);
	free(command);
	return output;
}
