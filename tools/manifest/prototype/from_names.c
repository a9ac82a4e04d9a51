#include "manifest/prototype/from_names.h"

#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"
#include "manifest/prototype/words.h"

static const char *const creates[] = {"new", "create", "open", "alloc", NULL};

/* What stands before the last underline of a free's name. */
static char *stem_of_free(const char *name)
{
	const char *last = strrchr(name, '_');

	return last && last > name && hg_names_free(last) ? hg_copy_text(name, (size_t)(last - name)) : NULL;
}

/* The longest stem that the name begins with. */
static const char *stem_of(const char *name, char **stems, size_t count)
{
	const char *best = NULL;

	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(stems[i]);
		if (strncmp(name, stems[i], length) == 0 && name[length] == '_' && (!best || length > strlen(best)))
			best = stems[i];
	}
	return best;
}

static struct hg_c_type *type_of_kind(enum hg_c_kind kind, unsigned bytes, const char *spelling)
{
	struct hg_c_type *type = hg_allocate(1, sizeof(*type));

	type->kind = kind;
	type->bytes = bytes;
	type->is_signed = true;
	type->spelling = hg_copy_text(spelling, strlen(spelling));
	return type;
}

static struct hg_c_type *pointer_to(const char *stem)
{
	char *spelling = hg_format("%s *", stem);
	struct hg_c_type *type = type_of_kind(HG_C_POINTER, sizeof(void *), spelling);

	type->to = type_of_kind(HG_C_RECORD, 0, stem);
	type->to->name = hg_copy_text(stem, strlen(stem));
	free(spelling);
	return type;
}

static void add(struct hg_prototypes *prototypes, const char *name, const char *stem)
{
	struct hg_prototype *prototype = hg_prototype_add(prototypes, name);

	if (!prototype)
		return;
	bool gives = hg_has_word(name + strlen(stem), creates);
	prototype->place = hg_copy_text("its name", strlen("its name"));
	prototype->returns = gives ? pointer_to(stem) : type_of_kind(HG_C_INTEGER, sizeof(int), "int");
	prototype->parameter_count = gives ? 0 : 1;
	prototype->parameters = hg_allocate(1, sizeof(*prototype->parameters));
	if (!gives)
		prototype->parameters[0].type = pointer_to(stem);
	hg_prototype_lay_out(prototype);
}

void hg_names_read(struct hg_prototypes *prototypes, char *const *names, size_t count)
{
	char **stems = hg_allocate(count, sizeof(*stems));
	size_t stem_count = 0;

	for (size_t i = 0; i < count; i++) {
		char *stem = stem_of_free(names[i]);
		if (stem)
			stems[stem_count++] = stem;
	}
	for (size_t i = 0; i < count; i++) {
		const char *stem = stem_of(names[i], stems, stem_count);
		if (stem)
			add(prototypes, names[i], stem);
	}
	for (size_t i = 0; i < stem_count; i++)
		free(stems[i]);
	free(stems);
}
