/* What the tests of manifests share. */
#ifndef HG_TEST_MANIFEST_SUPPORT_H
#define HG_TEST_MANIFEST_SUPPORT_H

#include "manifest/model/manifest.h"

/* Parses text as the manifest `path`; `*errors` gets what was said (to be freed). */
struct hg_manifest *parse_text(const char *path, const char *text, char **errors);
/* A folder (to be freed) for the running test; removed by remove_folder. */
char *make_folder(void);
void remove_folder(char *folder);
char *text_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Builds an object that finds the stand-in runtime; the test fails if it cannot. Returns its path (to be freed). */
char *build_object(const char *folder, const char *name, const char *text);
char *build_object_for(const char *runtime_directory, const char *folder, const char *name, const char *text);
/* Everything that a shell command prints, on both streams (to be freed); `*status` is its exit status. */
char *output_of(int *status, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
