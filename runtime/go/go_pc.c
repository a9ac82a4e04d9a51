#include "go/go_pc.h"

#include <stdatomic.h>
#include <string.h>

#include "base/mix.h"
#include "go/go_names.h"
#include "told/told.h"

/* no limit: what has no place here is looked up again */
enum { PLACES = 1 << 12 };

static bool is_in(const struct hg_go_line *line, const char *function)
{
	return line->function_length == strlen(function) &&
	       memcmp(line->function, function, line->function_length) == 0;
}

static bool has(const struct hg_go_line *line, const char *part)
{
	return memmem(line->function, line->function_length, part, strlen(part));
}

/* A stub that cgo makes for a C function. */
static bool is_stub(const struct hg_go_line *line)
{
	return has(line, "._Cfunc_") || has(line, "._C2func_");
}

static bool begins_with(const struct hg_go_line *line, const char *start)
{
	return line->function_length > strlen(start) && memcmp(line->function, start, strlen(start)) == 0;
}

/* What cgo, purego and the compiler put between users' functions, and between these and C. */
static bool is_between(const struct hg_go_line *line)
{
	static const char *const functions[] = {"runtime.asmcgocall",         "runtime.cgocall",
	                                        "runtime.systemstack_switch", "runtime.cgocallbackg1",
	                                        "runtime.cgocallbackg",       "runtime.cgocallback"};
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (is_in(line, functions[i]))
			return true;
	return line->wrapper || is_stub(line) || has(line, "_cgoexp_") ||
	       begins_with(line, "github.com/ebitengine/purego.");
}

static bool is_end(const struct hg_go_line *line)
{
	return is_in(line, "runtime.goexit") || is_in(line, "runtime.rt0_go") || is_in(line, "runtime.mstart");
}

/* As Go's own tracebacks have it: what a generic function was made for is no part of its name. */
static uint32_t name_of(const struct hg_go_line *line)
{
	static const char any[] = "[...]";
	char name[1024]; /* no limit: longer ones stay as they are */
	const char *open = memchr(line->function, '[', line->function_length);
	const char *end = line->function + line->function_length,
	           *close = memrchr(line->function, ']', line->function_length);
	if (!open || !close || close < open || line->function_length + sizeof any > sizeof name)
		return hg_told_text(line->function, line->function_length);
	size_t before = (size_t)(open - line->function), after = (size_t)(end - close - 1);
	memcpy(name, line->function, before);
	memcpy(name + before, any, sizeof any - 1);
	memcpy(name + before + sizeof any - 1, close + 1, after);
	return hg_told_text(name, before + sizeof any - 1 + after);
}

static struct hg_told_frame frame_of(const struct hg_go_line *line)
{
	return (struct hg_told_frame){.function = name_of(line),
	                              .file = hg_told_text(line->file, line->file_length),
	                              .line = line->line > 0 ? (uint32_t)line->line : 0,
	                              .inlined = line->inlined};
}

static unsigned marks_of(const struct hg_go_line *line)
{
	unsigned marks = is_between(line) ? HG_GO_BETWEEN : 0;
	marks |= is_stub(line) ? HG_GO_STUB : 0;
	marks |= is_end(line) ? HG_GO_END : 0;
	marks |= is_in(line, "runtime.cgocallbackg") ? HG_GO_CALLED_BACK : 0;
	return marks | (has(line, ".func") ? HG_GO_CLOSURE : 0);
}

static void look_up_frame(const struct hg_go_image *image, uint64_t pc, struct hg_go_pc *found)
{
	const struct hg_go_function *function = hg_go_function_at(image, pc);
	found->entry = function ? image->text + function->entry : 0;
	found->size = function ? hg_go_value(image, function, function->sp, pc) : -1;
	found->is_for_fault = function && hg_go_is_named(image, function, "runtime.sigpanic");
}

static void look_up(const struct hg_go_image *image, uint64_t pc, struct hg_go_pc *found)
{
	struct hg_go_line lines[HG_GO_PC_FRAMES];
	look_up_frame(image, pc, found);
	found->count = (unsigned)hg_go_lines(image, pc, lines, HG_GO_PC_FRAMES);
	found->image = image;
	for (unsigned i = 0; i < found->count; i++) {
		found->marks[i] = marks_of(&lines[i]);
		if (!(found->marks[i] & HG_GO_BETWEEN))
			found->frames[i] = frame_of(&lines[i]);
	}
}

/* --- what was found, once for all threads: a place that is taken stays --- */

static struct place {
	_Atomic uint64_t pc; /* 0: free; BUSY: it is being filled in */
	struct hg_go_pc known;
} places[PLACES];
static const uint64_t BUSY = 1;

static struct place *place_of(uint64_t pc)
{
	return &places[hg_mix(pc, 0) >> 52];
}

const struct hg_go_pc *hg_go_pc(const struct hg_go_image *image, uint64_t pc, struct hg_go_pc *room)
{
	struct place *place = place_of(pc);
	uint64_t taken = atomic_load_explicit(&place->pc, memory_order_acquire);
	if (taken == pc && place->known.image == image)
		return &place->known;
	look_up(image, pc, room);
	if (!taken && atomic_compare_exchange_strong(&place->pc, &taken, BUSY)) {
		place->known = *room;
		atomic_store_explicit(&place->pc, pc, memory_order_release);
	}
	return room;
}
