/* A manifest held against the library that it describes, and against the library's headers if they are given. */
#ifndef HG_MANIFEST_CHECK_CHECK_H
#define HG_MANIFEST_CHECK_CHECK_H

#include <stdio.h>

#include "manifest/model/manifest.h"
#include "manifest/prototype/prototype.h"
#include "program/elf/exports.h"

struct hg_checked {
	const struct hg_manifest *manifest;
	const struct hg_exports *exports;
	const struct hg_prototypes *prototypes; /* null: no header was given, and names are all that is known */
};

/* Prints a line for each thing that is wrong, in the order of the manifest; returns how many. */
size_t hg_manifest_check(const struct hg_checked *checked, FILE *output);

/* The same of the functions alone that the manifest names and the library has not. */
size_t hg_manifest_check_presence(const struct hg_checked *checked, FILE *output);

#endif
