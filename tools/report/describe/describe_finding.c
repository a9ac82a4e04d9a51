#include <fnmatch.h>
#include <string.h>
#include <utlist.h>

#include "format/image.h"
#include "report/describe/describe.h"
#include "report/describe/provoked.h"
#include "report/describe/test_of.h"
#include "report/symbols/symbolize.h"

static struct hg_resolved_call *new_call(struct hg_model *model, const struct hg_recording *recording, uint32_t symbol,
                                         uint64_t ticks)
{
	struct hg_resolved_call *call = hg_model_take(model, sizeof(*call));
	const struct hg_record_symbol *record = hg_reader_symbol(&recording->reader, symbol);

	call->function = hg_describe_symbol(model, recording, symbol);
	call->roles = record ? record->roles : 0;
	call->library = record ? hg_model_string(model, hg_reader_text(&recording->reader, record->library)) : "";
	call->time_ns = hg_reader_since_start(&recording->reader, ticks);
	call->thread_name = "";
	return call;
}

struct hg_resolved_call *hg_describe_bare_call(struct hg_model *model, const struct hg_recording *recording,
                                               uint32_t symbol, uint64_t pc, uint64_t ticks)
{
	struct hg_resolved_call *call = new_call(model, recording, symbol, ticks);

	if (pc != 0)
		call->stack = hg_symbolize(model, recording, &pc, 1, ticks);
	return call;
}

static const char *language_name(uint32_t language)
{
	static const char *const names[] = {
	    [HG_LANGUAGE_GO] = "go", [HG_LANGUAGE_PYTHON] = "python", [HG_LANGUAGE_JAVA] = "java"};

	return language < sizeof(names) / sizeof(*names) ? names[language] : NULL;
}

static const char *told_text(struct hg_model *model, const struct hg_recording *recording, uint32_t text)
{
	return text ? hg_model_string(model, hg_reader_text(&recording->reader, text)) : NULL;
}

static void describe_told(struct hg_model *model, const struct hg_recording *recording, struct hg_resolved_stack *stack,
                          const uint32_t *numbers, uint32_t count)
{
	stack->told = hg_model_take(model, (count + 1) * sizeof(*stack->told));
	for (uint32_t i = 0; i < count; i++) {
		const struct hg_record_told *told = hg_reader_told(&recording->reader, numbers[i]);
		if (!told)
			continue;
		struct hg_resolved_frame *frame =
		    &stack->told[told->flags & HG_TOLD_CREATOR ? count : stack->told_count++];
		*frame = (struct hg_resolved_frame){
		    .object = "",
		    .function = told_text(model, recording, told->function),
		    .file = told_text(model, recording, told->file),
		    .language = language_name(told->flags & HG_TOLD_LANGUAGE),
		    .line = (int)told->line,
		    .inlined = (told->flags & HG_TOLD_INLINED) != 0,
		    .entry = told->flags & (HG_TOLD_ENTRY | HG_TOLD_CALLED_BACK),
		};
		stack->creator = told->flags & HG_TOLD_CREATOR ? frame : stack->creator;
	}
}

/* V8 tells of its own code too, if it is asked to, and Node's own JavaScript lies in files of no folder. */
static bool is_users(const struct hg_resolved_frame *frame)
{
	static const char *const kinds[] = {"Builtin:*", "BytecodeHandler:*", "Stub:*", "RegExp:*"};

	for (size_t i = 0; hg_is_made(frame) && i < sizeof(kinds) / sizeof(*kinds); i++)
		if (fnmatch(kinds[i], frame->function, 0) == 0)
			return false;
	return hg_is_made(frame) && !(frame->file && strncmp(frame->file, "node:", strlen("node:")) == 0);
}

/* Where the process has told nothing, the user's frames are those in code that was made at run time. */
static void describe_made(struct hg_model *model, struct hg_resolved_stack *stack)
{
	if (stack->told_count > 0)
		return;
	stack->told = hg_model_take(model, (stack->count + 1) * sizeof(*stack->told));
	for (size_t i = 0; i < stack->count; i++)
		if (is_users(&stack->frames[i]))
			stack->told[stack->told_count++] = stack->frames[i];
}

/* The recording does not say when an op in flight began; its stack is as of `ticks`. */
static struct hg_resolved_call *describe_party(struct hg_model *model, const struct hg_recording *recording,
                                               const struct hg_record_party *party, uint64_t ticks)
{
	struct hg_resolved_call *call = new_call(model, recording, party->symbol, party->ticks);

	call->tid = party->tid;
	call->thread_name = hg_model_text(model, party->thread_name, sizeof(party->thread_name));
	call->older = (party->flags & HG_PARTY_OLDER) != 0;
	call->adopted = (party->flags & HG_PARTY_ADOPTED) != 0;
	call->internal = (party->flags & HG_PARTY_INTERNAL) != 0;
	call->stack = hg_symbolize(model, recording, hg_reader_stack(party), party->depth,
	                           party->ticks != 0 ? party->ticks : ticks);
	describe_told(model, recording, &call->stack, hg_reader_party_told(party), party->told);
	describe_made(model, &call->stack);
	call->stack.gone = (party->flags & HG_PARTY_STACK_GONE) != 0;
	call->stack.cut = (party->flags & HG_PARTY_STACK_CUT) != 0;
	hg_describe_test(model, recording, call, party->ticks != 0 ? party->ticks : ticks, party->ticks != 0);
	call->handle = party->value;
	call->attached = (party->flags & HG_PARTY_ATTACHED) != 0;
	call->class = party->role == HG_PARTY_CHILD || call->attached
	                  ? hg_describe_class(model, recording, party->class_index)
	                  : NULL;
	call->claims = party->claims;
	return call;
}

static bool is_of_this_process(const struct hg_recording *recording, uint32_t tid)
{
	uint64_t limit = hg_reader_limit(&recording->reader, HG_EXTENT_THREADS);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_thread *thread = hg_reader_thread(&recording->reader, i);
		if (thread && thread->tid == tid)
			return true;
	}
	return false;
}

/* Created by a thread of another process, before the recording began: that of a forked child. */
static void note_parents(const struct hg_recording *recording, const struct hg_record_party *create,
                         struct hg_resolved_finding *resolved)
{
	bool is = create && create->ticks != 0 && create->ticks < recording->reader.header->start_ticks &&
	          !is_of_this_process(recording, create->tid);

	if (resolved->call)
		resolved->call->of_parents = is;
	if (resolved->free)
		resolved->free->of_parents = is;
}

/* Holders of one handle stay in the order of the recording. */
static int compare_holders(const struct hg_resolved_call *one, const struct hg_resolved_call *added)
{
	return one->handle > added->handle ? 1 : -1;
}

static void place(struct hg_resolved_finding *resolved, uint32_t role, struct hg_resolved_call *call)
{
	struct hg_resolved_call **place = role == HG_PARTY_CALL     ? &resolved->call
	                                  : role == HG_PARTY_FREE   ? &resolved->free
	                                  : role == HG_PARTY_CREATE ? &resolved->create
	                                                            : NULL;

	if (role == HG_PARTY_IN_FLIGHT)
		DL_APPEND(resolved->in_flight, call);
	else if (role == HG_PARTY_CHILD)
		DL_APPEND(resolved->children, call);
	else if (role == HG_PARTY_RECENT)
		DL_APPEND(resolved->recent, call);
	else if (role == HG_PARTY_WAKER)
		resolved->waker = call->function;
	else if (role == HG_PARTY_HOLDER)
		DL_INSERT_INORDER(resolved->holders, call, compare_holders);
	else if (place && !*place)
		*place = call;
}

struct hg_resolved_finding *hg_describe_finding(struct hg_model *model, const struct hg_recording *recording,
                                                const struct hg_record_finding *finding)
{
	const struct hg_reader *reader = &recording->reader;
	struct hg_resolved_finding *resolved = hg_model_take(model, sizeof(*resolved));
	struct hg_finding_outcome outcome = hg_finding_outcome(finding);

	resolved->recording = recording;
	resolved->sequence = finding->sequence;
	resolved->kind = outcome.kind;
	resolved->unfinished = outcome.state == HG_FINDING_OPEN;
	resolved->class = hg_describe_class(model, recording, finding->class_index);
	resolved->handle = finding->value;
	resolved->generation = finding->generation;
	resolved->time_ns = hg_reader_since_start(reader, finding->ticks);
	resolved->drain_ns = hg_reader_duration(reader, outcome.drain_ticks);
	resolved->deadline_ns = finding->deadline_ns > INT64_MAX ? INT64_MAX : finding->deadline_ns;
	resolved->deferred = (outcome.flags & HG_FINDING_DEFERRED) != 0;
	resolved->locked = (outcome.flags & HG_FINDING_LOCKED) != 0;
	resolved->waker_stays = (outcome.flags & HG_FINDING_WAKER_STAYS) != 0;
	resolved->all = (outcome.flags & HG_FINDING_ALL) != 0;
	resolved->serialised = (outcome.flags & HG_FINDING_SERIALISED) != 0;
	resolved->withheld = (outcome.flags & HG_FINDING_WITHHELD) != 0;
	resolved->passed = (outcome.flags & HG_FINDING_PASSED) != 0;
	resolved->leaked = (outcome.flags & HG_FINDING_LEAKED) != 0;
	resolved->unlisted_holders = finding->unlisted_holders;
	resolved->unlisted_handles = finding->unlisted_handles;
	const struct hg_record_class *class = hg_reader_class(reader, finding->class_index);
	resolved->limit = class ? class->limit : 0;
	resolved->quarantined = class && (class->flags & HG_CLASS_QUARANTINE) != 0;
	resolved->unseen = hg_reader_handles(reader, finding->class_index, HG_CLASS_ADOPTED);
	resolved->some_unseen = class && (class->flags & HG_CLASS_UNSEEN) != 0;
	/* Such values are small, so that others of the class are told from them. */
	resolved->whole = class && (class->flags & HG_CLASS_CONSTANT) != 0 && finding->value <= UINT16_MAX;
	resolved->in_place = class && (class->flags & HG_CLASS_IN_PLACE) != 0;
	resolved->refused = class && (class->flags & HG_CLASS_STRAY_REFUSED) != 0;
	resolved->shared = class && (class->flags & HG_CLASS_SHARED) != 0;
	const struct hg_record_party *party = NULL, *create = NULL;
	while ((party = hg_reader_party(finding, party))) {
		create = party->role == HG_PARTY_CREATE ? party : create;
		if (party->role == HG_PARTY_HELD)
			resolved->provoked = hg_describe_provoked(model, recording, party);
		else
			place(resolved, party->role, describe_party(model, recording, party, finding->ticks));
	}
	note_parents(recording, create, resolved);
	resolved->test = hg_tests_of(model, resolved);
	return resolved;
}

/* The thread's name from its record; empty: the record has gone with the thread. */
static const char *thread_name(struct hg_model *model, const struct hg_recording *recording, uint32_t tid)
{
	uint64_t limit = hg_reader_limit(&recording->reader, HG_EXTENT_THREADS);

	for (uint64_t i = 0; i < limit; i++) {
		const struct hg_record_thread *thread = hg_reader_thread(&recording->reader, i);
		if (thread && thread->tid == tid)
			return hg_model_text(model, thread->name, sizeof(thread->name));
	}
	return "";
}

struct hg_resolved_finding *hg_describe_left(struct hg_model *model, const struct hg_recording *recording,
                                             const struct hg_record_live *left)
{
	struct hg_resolved_finding *resolved = hg_model_take(model, sizeof(*resolved));
	struct hg_resolved_call *create = new_call(model, recording, left->symbol, left->ticks);

	create->tid = left->tid;
	create->thread_name = thread_name(model, recording, left->tid);
	create->stack = hg_symbolize(model, recording, left->pc, left->depth, left->ticks);
	describe_told(model, recording, &create->stack, left->told, left->told_count);
	create->stack.cut = (left->flags & HG_PARTY_STACK_CUT) != 0;
	hg_describe_test(model, recording, create, left->ticks, true);
	resolved->recording = recording;
	resolved->kind = HG_KIND_LEAK;
	resolved->class = hg_describe_class(model, recording, left->class_index);
	resolved->handle = left->value;
	resolved->generation = left->generation;
	resolved->time_ns = create->time_ns;
	resolved->create = create;
	resolved->test = hg_tests_of(model, resolved);
	const struct hg_record_class *class = hg_reader_class(&recording->reader, left->class_index);
	resolved->shared = class && (class->flags & HG_CLASS_SHARED) != 0;
	return resolved;
}
