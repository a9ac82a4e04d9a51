/* Which library a command is about, and what is known of its functions: the options that `check` and `generate` share.
 */
#ifndef HG_MANIFEST_LIBRARY_SOURCE_H
#define HG_MANIFEST_LIBRARY_SOURCE_H

#include <argp.h>

#include "manifest/prototype/prototype.h"
#include "program/elf/exports.h"

struct hg_library_source {
	const char *library;
	const char **headers;
	size_t header_count;
	char **flags; /* of the compiler */
	size_t flag_count;
};

enum { HG_KEY_LIBRARY_OPTION = 0x1000, HG_KEY_HEADER_OPTION };

#define HG_LIBRARY_OPTIONS                                                                                             \
	{"library", HG_KEY_LIBRARY_OPTION, "LIBRARY", 0, "the library: a path, or a soname such as libx.so.1", 0},     \
	{                                                                                                              \
		"header", HG_KEY_HEADER_OPTION, "HEADER", 0,                                                           \
		    "a header of the library: a path, or what stands between < and >; may be given several times", 0   \
	}

/* What comes after -- is the compiler's; returns how many words of argv come before it. */
int hg_library_source_begin(struct hg_library_source *source, int argc, char **argv);
/* Takes an option of those above; ARGP_ERR_UNKNOWN: it is none. Complains at ARGP_KEY_END if there is no library. */
error_t hg_library_source_parse(struct hg_library_source *source, int key, char *text, const struct argp_state *state);
/* Reads what the library exports, and what the headers declare or, without any, what its debugging information tells;
 * if it has none, no prototypes are read. False after saying why it cannot. */
bool hg_library_source_read(const struct hg_library_source *source, struct hg_exports *exports,
                            struct hg_prototypes *prototypes);
void hg_library_source_end(struct hg_library_source *source);

#endif
