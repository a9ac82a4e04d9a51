#include "manifest/prototype/header.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/allocate.h"
#include "manifest/prototype/clang_type.h"
#include "manifest/prototype/libclang.h"

#define ALL_HEADERS "handleguard-headers.c" /* a file in memory that includes what was named */

enum { SKIP_FUNCTION_BODIES = 0x40, MOST_DIAGNOSTICS = 5 };

struct reading {
	const struct hg_libclang *clang;
	struct hg_prototypes *prototypes;
};

static char *place_of(const struct hg_libclang *clang, struct hg_clang_cursor cursor)
{
	void *file = NULL;
	unsigned line = 0;

	clang->getExpansionLocation(clang->getCursorLocation(cursor), &file, &line, NULL, NULL);
	char *path = file ? hg_clang_text(clang, clang->getFileName(file)) : NULL;
	char *place = hg_format("%s:%u", path ? path : "?", line);
	free(path);
	return place;
}

static void read_parameters(const struct hg_libclang *clang, struct hg_clang_cursor cursor,
                            struct hg_prototype *prototype)
{
	int count = clang->Cursor_getNumArguments(cursor);

	prototype->parameter_count = count > 0 ? (size_t)count : 0;
	prototype->parameters = hg_allocate(prototype->parameter_count, sizeof(*prototype->parameters));
	for (size_t i = 0; i < prototype->parameter_count; i++) {
		struct hg_clang_cursor argument = clang->Cursor_getArgument(cursor, (unsigned)i);
		prototype->parameters[i].name = hg_clang_text(clang, clang->getCursorSpelling(argument));
		prototype->parameters[i].type = hg_clang_type(clang, clang->getCursorType(argument));
	}
}

static int visit(struct hg_clang_cursor cursor, struct hg_clang_cursor parent, void *context)
{
	struct reading *reading = context;
	const struct hg_libclang *clang = reading->clang;

	(void)parent;
	if (cursor.kind != HG_CLANG_FUNCTION)
		return HG_CLANG_CONTINUE;
	char *name = hg_clang_text(clang, clang->getCursorSpelling(cursor));
	struct hg_prototype *prototype = name ? hg_prototype_add(reading->prototypes, name) : NULL;
	free(name);
	if (!prototype)
		return HG_CLANG_CONTINUE; /* declared again */
	struct hg_clang_type type = clang->getCursorType(cursor);
	prototype->place = place_of(clang, cursor);
	prototype->returns = hg_clang_type(clang, clang->getResultType(type));
	prototype->is_variadic = clang->isFunctionTypeVariadic(type);
	read_parameters(clang, cursor, prototype);
	hg_prototype_lay_out(prototype);
	return HG_CLANG_CONTINUE;
}

/* What the compiler would not understand either; the first mistakes tell, those after them follow from them. */
static bool understood(const struct hg_libclang *clang, void *unit, FILE *errors)
{
	unsigned said = 0;

	for (unsigned i = 0; i < clang->getNumDiagnostics(unit); i++) {
		void *diagnostic = clang->getDiagnostic(unit, i);
		if (clang->getDiagnosticSeverity(diagnostic) >= HG_CLANG_ERROR && said++ < MOST_DIAGNOSTICS) {
			unsigned how = clang->defaultDiagnosticDisplayOptions();
			char *text = hg_clang_text(clang, clang->formatDiagnostic(diagnostic, how));
			fprintf(errors, "%s\n", text ? text : "the headers cannot be read");
			free(text);
		}
		clang->disposeDiagnostic(diagnostic);
	}
	return said == 0;
}

static char *include_all(const char *const *headers, size_t count)
{
	char *text = hg_copy_text("", 0);

	for (size_t i = 0; i < count; i++) {
		char *whole = access(headers[i], R_OK) == 0 ? realpath(headers[i], NULL) : NULL;
		char *longer = whole ? hg_format("%s#include \"%s\"\n", text, whole)
		                     : hg_format("%s#include <%s>\n", text, headers[i]);
		free(whole);
		free(text);
		text = longer;
	}
	return text;
}

static bool read_unit(const struct hg_libclang *clang, void *index, struct hg_prototypes *prototypes, char *text,
                      const char *const *flags, size_t flag_count, FILE *errors)
{
	struct hg_clang_file all = {ALL_HEADERS, text, strlen(text)};
	struct reading reading = {clang, prototypes};
	void *unit =
	    clang->parseTranslationUnit(index, ALL_HEADERS, flags, (int)flag_count, &all, 1, SKIP_FUNCTION_BODIES);

	if (!unit) {
		fputs("libclang cannot read the headers with these flags\n", errors);
		return false;
	}
	bool good = understood(clang, unit, errors);
	if (good)
		clang->visitChildren(clang->getTranslationUnitCursor(unit), visit, &reading);
	clang->disposeTranslationUnit(unit);
	return good;
}

bool hg_header_read(struct hg_prototypes *prototypes, const char *const *headers, size_t header_count,
                    const char *const *flags, size_t flag_count, FILE *errors)
{
	struct hg_libclang clang;

	if (!hg_libclang_open(&clang, errors))
		return false;
	char *text = include_all(headers, header_count);
	void *index = clang.createIndex(0, 0);
	bool good = read_unit(&clang, index, prototypes, text, flags, flag_count, errors);
	clang.disposeIndex(index);
	hg_libclang_close(&clang);
	free(text);
	return good;
}
