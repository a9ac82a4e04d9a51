/* The demangler is that of the C++ library, if the machine has one: the tool does not depend on it. */
#include "report/symbols/demangle.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef char *demangler(const char *name, char *buffer, size_t *length, int *status);

static demangler *find_demangler(void)
{
	static demangler *found;
	static bool looked;

	if (!looked) {
		void *library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_LOCAL);
		void *symbol = library ? dlsym(library, "__cxa_demangle") : NULL;
		memcpy(&found, &symbol, sizeof(found));
		looked = true;
	}
	return found;
}

/* Rust ends its names with "::h" and 16 hexadecimal digits. */
static size_t length_without_hash(const char *name)
{
	size_t length = strlen(name);

	if (length > 19 && strncmp(name + length - 19, "::h", 3) == 0 &&
	    strspn(name + length - 16, "0123456789abcdef") == 16)
		return length - 19;
	return length;
}

const char *hg_demangle(struct hg_model *model, const char *name)
{
	if (strncmp(name, "_Z", 2) != 0 || !find_demangler())
		return name;
	int status = 0;
	char *readable = find_demangler()(name, NULL, NULL, &status);
	if (!readable)
		return name;
	const char *kept = hg_model_text(model, readable, length_without_hash(readable));
	free(readable);
	return kept;
}
