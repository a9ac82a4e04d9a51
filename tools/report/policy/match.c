#include "report/policy/match.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <utlist.h>

#include "common/files.h"
#include "report/describe/short_name.h"
#include "report/model/names.h"

/* What of a call a pattern is held against. */
typedef bool call_test(struct hg_model *model, const struct hg_resolved_call *call, const char *pattern);

static bool fits(const char *pattern, const char *text)
{
	return text && fnmatch(pattern, text, 0) == 0;
}

static bool any_frame_is(struct hg_model *model, const struct hg_resolved_frame *frames, size_t count,
                         const char *pattern)
{
	for (size_t i = 0; i < count; i++)
		if (frames[i].function &&
		    (fits(pattern, frames[i].function) || fits(pattern, hg_short_name(model, &frames[i]))))
			return true;
	return false;
}

static bool has_function(struct hg_model *model, const struct hg_resolved_call *call, const char *pattern)
{
	return fits(pattern, call->function) ||
	       any_frame_is(model, call->stack.told, call->stack.told_count, pattern) ||
	       any_frame_is(model, call->stack.frames, call->stack.count, pattern);
}

static bool is_object(const char *path, const char *pattern)
{
	return path && *path != '\0' && (fits(pattern, path) || fits(pattern, hg_base_name(path)));
}

static bool has_object(struct hg_model *model, const struct hg_resolved_call *call, const char *pattern)
{
	(void)model;
	for (size_t i = 0; i < call->stack.count; i++)
		if (is_object(call->stack.frames[i].object, pattern))
			return true;
	return is_object(call->library, pattern);
}

static bool has_test(struct hg_model *model, const struct hg_resolved_call *call, const char *pattern)
{
	(void)model;
	return fits(pattern, call->test);
}

/* Any of its calls. */
static bool any_call(struct hg_model *model, const struct hg_resolved_finding *finding, call_test *test,
                     const char *pattern)
{
	const struct hg_resolved_call *const singles[] = {finding->call, finding->free, finding->create};
	const struct hg_resolved_call *const lists[] = {finding->in_flight, finding->children, finding->holders};
	const struct hg_resolved_call *call;

	for (size_t i = 0; i < sizeof(singles) / sizeof(*singles); i++)
		if (singles[i] && test(model, singles[i], pattern))
			return true;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		DL_FOREACH(lists[i], call)
			if (test(model, call, pattern))
				return true;
	return false;
}

static bool is_fingerprint(const struct hg_group *group, const char *digits)
{
	char own[17];

	snprintf(own, sizeof(own), "%016" PRIx64, group->fingerprint);
	return strcmp(own, digits) == 0;
}

bool hg_suppression_fits(struct hg_model *model, const struct hg_suppression *suppression, const struct hg_group *group)
{
	const struct hg_resolved_finding *finding = group->resolved;

	return (!suppression->kind || fits(suppression->kind, hg_kind_name(group->kind))) &&
	       (!suppression->class || fits(suppression->class, group->class)) &&
	       (!suppression->fingerprint || is_fingerprint(group, suppression->fingerprint)) &&
	       (!suppression->function || any_call(model, finding, has_function, suppression->function)) &&
	       (!suppression->object || any_call(model, finding, has_object, suppression->object)) &&
	       (!suppression->test || any_call(model, finding, has_test, suppression->test));
}
