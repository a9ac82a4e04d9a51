#include "walkers/told_key.h"

#include "base/mix.h"
#include "format/record.h"
#include "go/go_key.h"
#include "java/java_key.h"
#include "python/python_key.h"

uint64_t hg_told_key(const struct hg_known_stack *known, const uint64_t *above)
{
	uint64_t key = known->c_place;
	if (known->languages >> HG_LANGUAGE_GO & 1) {
		uint64_t go =
		    hg_go_key((const uint64_t *)above[known->goroutine], above[known->depth], known->goroutine_pc);
		if (!go)
			return 0;
		key = hg_mix(key, go);
	}
	if (known->languages >> HG_LANGUAGE_PYTHON & 1) {
		uint64_t python = hg_python_key();
		if (!python)
			return 0;
		key = hg_mix(key, python);
	}
	if (known->languages >> HG_LANGUAGE_JAVA & 1) {
		uint64_t java = hg_java_key((uint64_t)above, known->methods);
		if (!java)
			return 0;
		key = hg_mix(key, java);
	}
	return key;
}
