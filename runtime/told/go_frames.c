/* From a C function that was called through cgo to the goroutine that called it. The C side runs on another stack,
 * whose last frame is runtime.asmcgocall's. That one has saved there which goroutine it is and how deep its stack was;
 * from there on the goroutine's frames follow by the sizes that Go's own table has of them, to runtime.goexit, through
 * callbacks of C into Go too. A goroutine's stack can move in such a callback: hence the depth, and no address. */
#include <string.h>

#include "told/go_goroutine.h"
#include "told/go_names.h"
#include "told/told.h"
#include "told/told_key.h"

/* limit: told as HG_PARTY_STACK_CUT */
enum { MOST_FRAMES = 1000, INLINED = 16 };

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
	return has(line, "._Cfunc_");
}

/* What cgo and the compiler put between users' functions, and between these and C. */
static bool is_between(const struct hg_go_line *line)
{
	static const char *const functions[] = {"runtime.asmcgocall",         "runtime.cgocall",
	                                        "runtime.systemstack_switch", "runtime.cgocallbackg1",
	                                        "runtime.cgocallbackg",       "runtime.cgocallback"};
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (is_in(line, functions[i]))
			return true;
	return line->wrapper || is_stub(line) || has(line, "_cgoexp_");
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

struct frames {
	struct hg_told_frame *list;
	size_t count, room;
	bool called_c;    /* the next frame out has called C */
	bool on_the_spot; /* the last one may be in a function that cgo has made */
};

/* cgo puts a call whose arguments it checks into a function of its own, on the spot: the user wrote the one around it.
 */
static bool is_around(const struct frames *frames, const struct hg_told_frame *frame)
{
	const struct hg_told_frame *last = &frames->list[frames->count - 1];
	return frames->on_the_spot && last->line == frame->line && last->file == frame->file;
}

static void add(struct frames *frames, const struct hg_go_line *line)
{
	if (is_between(line)) {
		frames->called_c = is_stub(line);
		return;
	}
	struct hg_told_frame frame = frame_of(line);
	if (frames->count && is_around(frames, &frame))
		frames->count--;
	frames->on_the_spot = frames->called_c && has(line, ".func");
	frames->called_c = false;
	frames->list[frames->count++] = frame;
}

/* The frames of one pc. False: they are the goroutine's last. */
static bool add_all(struct frames *frames, const struct hg_go_line *lines, size_t count)
{
	for (size_t i = 0; i < count && frames->count < frames->room; i++)
		add(frames, &lines[i]);
	return count && !is_end(&lines[count - 1]);
}

size_t hg_go_frames(const struct hg_told_at *at, struct hg_told_frame *list, size_t room)
{
	struct frames frames = {.list = list, .room = room};
	struct hg_goroutine goroutine;
	struct hg_go_line lines[INLINED];
	bool more = hg_goroutine_of_call(&goroutine, at);
	for (int i = 0; more && i < MOST_FRAMES && frames.count < room; i++) {
		size_t count = hg_go_lines(goroutine.image, hg_goroutine_at(&goroutine), lines, INLINED);
		more = add_all(&frames, lines, count) && hg_goroutine_step(&goroutine);
		if (!more)
			hg_go_key_note(goroutine.pc, HG_GO_LAST);
	}
	return frames.count;
}
