/* The part of libclang that reads headers, opened when it is needed: nobody else needs a compiler's library to be
 * installed. Its interface is kept stable by its makers, and so are the numbers and layouts that are repeated here
 * (clang-c/Index.h, clang-c/CXString.h). */
#ifndef HG_MANIFEST_PROTOTYPE_LIBCLANG_H
#define HG_MANIFEST_PROTOTYPE_LIBCLANG_H

#include <stdbool.h>
#include <stdio.h>

struct hg_clang_string {
	const void *data;
	unsigned flags;
};

struct hg_clang_cursor {
	int kind; /* enum hg_clang_cursor_kind */
	int more;
	const void *data[3];
};

struct hg_clang_type {
	int kind; /* enum hg_clang_type_kind */
	void *data[2];
};

struct hg_clang_location {
	const void *data[2];
	unsigned offset;
};

/* A file that is not on disk. */
struct hg_clang_file {
	const char *name;
	const char *text;
	unsigned long size;
};

enum hg_clang_cursor_kind { HG_CLANG_FUNCTION = 8 };

enum hg_clang_type_kind {
	HG_CLANG_VOID = 2,
	HG_CLANG_BOOL = 3,
	HG_CLANG_FIRST_SIGNED = 13, /* those from bool up to it are unsigned */
	HG_CLANG_LAST_INTEGER = 20,
	HG_CLANG_FLOAT = 21,
	HG_CLANG_DOUBLE = 22,
	HG_CLANG_POINTER = 101,
	HG_CLANG_RECORD = 105,
	HG_CLANG_ENUM = 106,
	HG_CLANG_TYPEDEF = 107,
	HG_CLANG_FUNCTION_NO_PROTO = 110,
	HG_CLANG_FUNCTION_PROTO = 111,
	HG_CLANG_ARRAY = 112,
	HG_CLANG_ARRAY_INCOMPLETE = 114,
	HG_CLANG_ARRAY_VARIABLE = 115
};

enum hg_clang_visit { HG_CLANG_BREAK, HG_CLANG_CONTINUE };
enum { HG_CLANG_ERROR = 3 }; /* the severity from which on a diagnostic is a mistake */

typedef int hg_clang_visitor(struct hg_clang_cursor cursor, struct hg_clang_cursor parent, void *context);
typedef int hg_clang_field_visitor(struct hg_clang_cursor field, void *context);

struct hg_libclang {
#define HG_CLANG_CALL(result, name, ...) result (*name)(__VA_ARGS__);
#include "manifest/prototype/libclang_calls.def"
#undef HG_CLANG_CALL
	void *handle;
};

/* False after saying on `errors` that there is none, and which package has it. */
bool hg_libclang_open(struct hg_libclang *clang, FILE *errors);
void hg_libclang_close(struct hg_libclang *clang);

/* A copy, to be freed; null for an empty one. */
char *hg_clang_text(const struct hg_libclang *clang, struct hg_clang_string string);

#endif
