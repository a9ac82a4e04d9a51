#include "report/describe/fingerprint.h"

#include <string.h>
#include <utlist.h>
#include <xxhash.h>

#include "common/files.h"
#include "report/describe/origin.h"
#include "report/describe/short_name.h"
#include "report/model/names.h"

/* Further out are event loops and the like, which say little of the race, and change with all that is built on them. */
enum { NAMES_A_SIDE = 8 };

/* ---- One function ---- */

/* Compilers number the pieces and copies that they make of a function. */
static size_t length_without_clones(const char *function)
{
	static const char *const marks[] = {".isra.", ".constprop.", ".part.",     ".cold",
	                                    ".llvm.", ".lto_priv.",  ".localalias"};
	size_t length = strlen(function);

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		const char *mark = strstr(function, marks[i]);
		if (mark && mark != function && (size_t)(mark - function) < length)
			length = (size_t)(mark - function);
	}
	return length;
}

/* libnet.so.1.2.3 is the same library as libnet.so.1.2.4. */
static size_t length_without_version(const char *object)
{
	const char *version = strstr(object, ".so.");

	return version ? (size_t)(version - object) + strlen(".so") : strlen(object);
}

/* "{lambda#1}" and "$_0" are functions without a name in another, and "{closure#2}": their numbers change with what
 * stands above. */
static const char *without_numbers(struct hg_model *model, const char *name)
{
	const char *number, *end;

	while ((number = strstr(name, "$_")) && (end = number + 2 + strspn(number + 2, "0123456789")) > number + 2)
		name = hg_model_printf(model, "%.*s{lambda}%s", (int)(number - name), name, end);
	while ((number = strchr(name, '#')) && number[1 + strspn(number + 1, "0123456789")] == '}')
		name = hg_model_printf(model, "%.*s%s", (int)(number - name), name, strchr(number, '}'));
	return name;
}

static const char *name_of(struct hg_model *model, const struct hg_resolved_frame *frame)
{
	if (frame->function) {
		const char *name = hg_short_name(model, frame);
		return without_numbers(model, hg_model_printf(model, "%.*s", (int)length_without_clones(name), name));
	}
	if (frame->object[0] == '\0')
		return "?";
	const char *object = hg_base_name(frame->object);
	return hg_model_printf(model, "%.*s", (int)length_without_version(object), object);
}

/* ---- One side ---- */

/* Outside the first function that the user wrote is what runs it, if nobody wrote that: a runner of tests, an event
 * loop, the file that a script begins in. */
static bool is_runner(const struct hg_resolved_frame *frame)
{
	return hg_is_installed(frame) || (frame->function && strcmp(frame->function, "<module>") == 0);
}

static const char *add_frames(struct hg_model *model, const char *side, const struct hg_resolved_frame *frames,
                              size_t count, bool told)
{
	const char *last = "";
	size_t names = 0;
	bool own = false;

	for (size_t i = 0; i < count && names < NAMES_A_SIDE; i++) {
		if (hg_is_ground(&frames[i]) || (own && is_runner(&frames[i])))
			continue;
		const char *name = name_of(model, &frames[i]);
		own |= told && !is_runner(&frames[i]);
		if (strcmp(name, last) == 0)
			continue;
		side = hg_model_printf(model, "%s<%s", side, name);
		last = name;
		names++;
	}
	return side;
}

static const char *side_of(struct hg_model *model, const struct hg_resolved_call *call)
{
	const char *function = call->function ? call->function : "?";

	if (call->stack.told_count > 0)
		return add_frames(model, function, call->stack.told, call->stack.told_count, true);
	return add_frames(model, function, call->stack.frames, call->stack.count, false);
}

/* Of several the one whose name comes first: which of them are met is luck. */
static const char *first_side_of(struct hg_model *model, const struct hg_resolved_call *calls)
{
	const struct hg_resolved_call *call;
	const char *first = NULL;

	DL_FOREACH(calls, call) {
		const char *side = side_of(model, call);
		first = !first || strcmp(side, first) < 0 ? side : first;
	}
	return first;
}

/* ---- Both ---- */

/* As findings are grouped: a create is a side only where there is no call. */
static const char *other_side(struct hg_model *model, const struct hg_resolved_finding *finding)
{
	if (finding->in_flight)
		return first_side_of(model, finding->in_flight);
	if (finding->free)
		return side_of(model, finding->free);
	if (finding->kind == HG_KIND_SEVERED && finding->holders)
		return first_side_of(model, finding->holders);
	return !finding->call && finding->create ? side_of(model, finding->create) : "";
}

uint64_t hg_fingerprint(struct hg_model *model, const struct hg_resolved_finding *finding)
{
	const char *text =
	    hg_model_printf(model, "%s|%s|%s|%s", hg_kind_name(finding->kind), finding->class,
	                    finding->call ? side_of(model, finding->call) : "", other_side(model, finding));

	return XXH64(text, strlen(text), 0);
}
