/* Calls that are left by unwinding: a C++ exception, a Rust panic, pthread_cancel, pthread_exit.
 *
 * The trampolines' personality routine has no landing pad to offer: it leaves the call there and then, in the
 * unwinder's second phase, and lets unwinding go on. The frames being unwound are still on the stack then, the
 * innermost first. */
#include <unwind.h>

#include "around/entered.h"
#include "dynlink/elf_lookup.h"
#include "finding/race.h"
#include "format/record.h"
#include "thread/frames.h"

typedef _Unwind_Word get_register(struct _Unwind_Context *context, int number);

#if defined(__x86_64__)
enum { FRAME_POINTER = 6 }; /* no limit: a register */ /* rbp; DWARF register numbers of the System V ABI */
#else
enum { FRAME_POINTER = 29 }; /* no limit: a register */
#endif

_Unwind_Reason_Code hg_personality(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                   struct _Unwind_Exception *exception, struct _Unwind_Context *context)
    __attribute__((visibility("hidden")));

static bool same_object(const struct hg_definition *object, const void *inside)
{
	return (uintptr_t)inside >= object->low && (uintptr_t)inside < object->high;
}

/* The context belongs to the unwinder that called us, and a process can have several: only that one can read it. */
static get_register *reader_of(const void *unwinder)
{
	struct hg_definition found;
	return hg_elf_find("_Unwind_GetGR", same_object, unwinder, &found) ? (get_register *)found.address : NULL;
}

/* The trampoline's frame pointer. Without the unwinder's help it is that of the innermost call on this stack: the
 * unwinder runs below all that it unwinds, and what it has unwound has left already. */
static uint64_t unwound_fp(struct _Unwind_Context *context, const void *unwinder)
{
	get_register *read = reader_of(unwinder);
	if (read)
		return read(context, FRAME_POINTER);
	uint64_t here = (uint64_t)__builtin_frame_address(0), innermost = UINT64_MAX;
	for (const struct hg_frame *frame = NULL; (frame = hg_frame_before(hg_context, frame));)
		if (hg_frame_used(frame) && frame->fp > here && frame->fp < innermost)
			innermost = frame->fp;
	return innermost;
}

/* A call can have several frames, one a handle; each handle gets its finding. */
static void leave_call(uint64_t fp)
{
	for (struct hg_frame *frame = NULL; (frame = hg_frame_before(hg_context, frame));) {
		if (frame->fp != fp || !hg_frame_used(frame))
			continue;
		hg_report_frame(HG_KIND_UNWOUND, hg_context, frame, true);
		hg_leave_frame(frame);
	}
}

_Unwind_Reason_Code hg_personality(int version, _Unwind_Action actions, _Unwind_Exception_Class kind,
                                   struct _Unwind_Exception *exception, struct _Unwind_Context *context)
{
	(void)version;
	(void)kind;
	(void)exception;
	if (actions & _UA_CLEANUP_PHASE && hg_context && hg_context->epoch)
		leave_call(unwound_fp(context, __builtin_return_address(0)));
	return _URC_CONTINUE_UNWIND;
}
