#include "rewrite/sites.h"

/* None yet: what is linked in and hidden is not seen there (docs/limits.md). */
void hg_sites_each(const struct hg_bytes *code, uint64_t low, uint64_t high, const struct hg_targets *targets,
                   hg_site_visit *visit, void *argument)
{
	(void)code;
	(void)low;
	(void)high;
	(void)targets;
	(void)visit;
	(void)argument;
}
