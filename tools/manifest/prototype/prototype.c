#include "manifest/prototype/prototype.h"

#include <stdlib.h>
#include <string.h>

#include "common/allocate.h"

struct hg_prototype *hg_prototype_add(struct hg_prototypes *prototypes, const char *name)
{
	struct hg_prototype *prototype;

	HASH_FIND_STR(prototypes->table, name, prototype);
	if (prototype)
		return NULL;
	prototype = hg_allocate(1, sizeof(*prototype));
	prototype->name = hg_copy_text(name, strlen(name));
	HASH_ADD_KEYPTR(hh, prototypes->table, prototype->name, strlen(prototype->name), prototype);
	return prototype;
}

const struct hg_prototype *hg_prototype_find(const struct hg_prototypes *prototypes, const char *name)
{
	struct hg_prototype *prototype;

	HASH_FIND_STR(prototypes->table, name, prototype);
	return prototype;
}

static void drop_one(struct hg_prototype *prototype)
{
	for (size_t i = 0; i < prototype->parameter_count; i++) {
		free(prototype->parameters[i].name);
		hg_c_type_drop(prototype->parameters[i].type);
	}
	hg_c_type_drop(prototype->returns);
	free(prototype->parameters);
	free(prototype->place);
	free(prototype->name);
	free(prototype);
}

void hg_prototypes_drop(struct hg_prototypes *prototypes)
{
	struct hg_prototype *prototype, *next;

	HASH_ITER(hh, prototypes->table, prototype, next) {
		HASH_DEL(prototypes->table, prototype);
		drop_one(prototype);
	}
}

const struct hg_c_parameter *hg_prototype_argument(const struct hg_prototype *prototype, unsigned number)
{
	for (size_t i = 0; i < prototype->parameter_count; i++)
		if (prototype->parameters[i].number == (int)number)
			return &prototype->parameters[i];
	return NULL;
}
