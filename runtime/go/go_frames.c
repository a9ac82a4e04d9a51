/* From a C function that was called through cgo to the goroutine that called it. The C side runs on another stack,
 * whose last frame is runtime.asmcgocall's. That one has saved there which goroutine it is and how deep its stack was;
 * from there on the goroutine's frames follow by the sizes that Go's own table has of them, to runtime.goexit, through
 * callbacks of C into Go too. A goroutine's stack can move in such a callback: hence the depth, and no address. */
#include "go/go_creator.h"
#include "go/go_goroutine.h"
#include "go/go_key.h"
#include "go/go_pc.h"
#include "told/told.h"

enum { MOST_FRAMES = 1000 }; /* limit: told as HG_PARTY_STACK_CUT */

struct frames {
	struct hg_told_frame *list;
	size_t count, room;
	bool called_c;    /* the next frame out has called C */
	bool on_the_spot; /* the last one may be a function that cgo has made */
};

/* cgo puts a call whose arguments it checks into a function of its own, on the spot: the user wrote the one around it.
 */
static bool is_around(const struct frames *frames, const struct hg_told_frame *frame)
{
	const struct hg_told_frame *last = &frames->list[frames->count - 1];
	return frames->on_the_spot && last->line == frame->line && last->file == frame->file;
}

static void add(struct frames *frames, const struct hg_told_frame *frame, unsigned marks)
{
	if (marks & HG_GO_CALLED_BACK && frames->count)
		frames->list[frames->count - 1].entry |= HG_TOLD_CALLED_BACK;
	if (marks & HG_GO_BETWEEN) {
		frames->called_c = marks & HG_GO_STUB;
		return;
	}
	if (frames->count && is_around(frames, frame))
		frames->count--;
	frames->on_the_spot = frames->called_c && marks & HG_GO_CLOSURE;
	frames->called_c = false;
	frames->list[frames->count++] = *frame;
}

/* The frames of one pc. False: they are the goroutine's last. */
static bool add_all(struct frames *frames, const struct hg_go_pc *pc)
{
	for (unsigned i = 0; i < pc->count && frames->count < frames->room; i++)
		add(frames, &pc->frames[i], pc->marks[i]);
	return pc->count && !(pc->marks[pc->count - 1] & HG_GO_END);
}

/* Behind the goroutine's own: where it was created. The first one has not been created by any. */
static void add_creator(struct frames *frames, const struct hg_goroutine *goroutine, uint64_t entry)
{
	struct hg_go_pc room;
	uint64_t created = frames->count < frames->room ? hg_go_creator(goroutine, entry) : 0;
	const struct hg_go_pc *pc = created ? hg_go_pc(goroutine->image, created - 1, &room) : NULL;
	for (unsigned i = 0; pc && i < pc->count; i++) {
		if (pc->marks[i] & (HG_GO_BETWEEN | HG_GO_END))
			continue;
		struct hg_told_frame *frame = &frames->list[frames->count++];
		*frame = pc->frames[i];
		frame->inlined = false;
		frame->entry = HG_TOLD_CREATOR;
		return;
	}
}

size_t hg_go_frames(const struct hg_told_at *at, struct hg_told_frame *list, size_t room)
{
	struct frames frames = {.list = list, .room = room};
	struct hg_goroutine goroutine;
	struct hg_go_pc unknown;
	bool more = hg_goroutine_of_call(&goroutine, at);
	uint64_t entry = 0, outermost = 0;
	for (int i = 0; more && i < MOST_FRAMES && frames.count < room; i++) {
		const struct hg_go_pc *pc = hg_go_pc(goroutine.image, hg_goroutine_at(&goroutine), &unknown);
		outermost = entry;
		entry = pc->entry;
		more = add_all(&frames, pc) && hg_goroutine_step(&goroutine, pc);
		if (!more) {
			hg_go_key_note(goroutine.pc, HG_GO_LAST);
			add_creator(&frames, &goroutine, outermost);
		}
	}
	return frames.count;
}
