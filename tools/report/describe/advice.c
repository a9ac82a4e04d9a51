#include "report/describe/advice.h"
#include "report/describe/freer.h"

/* ---- Shapes ---- */

static bool is_free(const struct hg_resolved_call *call)
{
	return call && (call->roles & (HG_ROLE_FREE | HG_ROLE_RELEASE)) != 0;
}

static bool is_at_exit(const struct hg_resolved_call *call)
{
	return call && (call->roles & HG_ROLE_AT_EXIT) != 0;
}

static enum hg_freer_kind freer_of(const struct hg_resolved_finding *finding)
{
	return hg_freer_of(is_free(finding->call) ? finding->call : finding->free).kind;
}

static bool has_shape(const struct hg_resolved_finding *finding, enum hg_shape shape, enum hg_freer_kind freer)
{
	switch (shape) {
	case HG_SHAPE_FINALIZER:
		return hg_is_finalizer(freer) || hg_is_finalizer(hg_freer_of(finding->free).kind);
	case HG_SHAPE_GO_FINALIZER:
		return freer == HG_FREER_GO_FINALIZER;
	case HG_SHAPE_GO_WATCHER:
		return freer == HG_FREER_GO_WATCHER;
	case HG_SHAPE_GO:
		return freer == HG_FREER_GO || freer == HG_FREER_GO_WATCHER;
	case HG_SHAPE_PYTHON_FINALIZER:
		return freer == HG_FREER_PYTHON_FINALIZER;
	case HG_SHAPE_PYTHON_WATCHER:
		return freer == HG_FREER_PYTHON_WATCHER;
	case HG_SHAPE_PYTHON_END:
		return freer == HG_FREER_PYTHON_END;
	case HG_SHAPE_PYTHON:
		return freer == HG_FREER_PYTHON || freer == HG_FREER_PYTHON_WATCHER;
	case HG_SHAPE_LIBRARY:
		return hg_freer_of(finding->free).kind == HG_FREER_LIBRARY;
	case HG_SHAPE_SHARED:
		return finding->shared;
	case HG_SHAPE_HALF:
		return finding->create && !finding->create->adopted && is_free(finding->create);
	case HG_SHAPE_IN_PLACE:
		return finding->in_place;
	case HG_SHAPE_SAME_THREAD:
		return finding->call && finding->free && finding->call->tid == finding->free->tid;
	case HG_SHAPE_WHOLE:
		return finding->whole;
	case HG_SHAPE_AT_EXIT:
		return is_at_exit(finding->call) || is_at_exit(finding->free);
	case HG_SHAPE_ATTACHED:
		return finding->in_flight && finding->in_flight->attached;
	case HG_SHAPE_FREE:
		return is_free(finding->call);
	default:
		return true;
	}
}

/* ---- The table: the first row that fits is taken, so that of each kind HG_SHAPE_ANY comes last ---- */

/* Each is two texts: what would have happened without the guard, and what happened where the guard did nothing. */
#define USE_AFTER_FREE                                                                                                 \
	"The free would have torn the handle down under the calls that were still using it: a use after free, which "  \
	"corrupts memory or crashes somewhere else, later, and seldom.",                                               \
	    "The free tore the handle down under the calls that were still using it: a use after free, which "         \
	    "corrupts memory or crashes somewhere else, later, and seldom."
#define DOUBLE_FREE                                                                                                    \
	"The library would have freed the same memory twice: a corrupted heap, or the end of another handle that had " \
	"been given the same address meanwhile.",                                                                      \
	    "The library was to free the same memory twice: a corrupted heap, or the end of another handle that has "  \
	    "been given the same address meanwhile."
#define CLAIM_TOO_MANY                                                                                                 \
	"The library would have dropped a reference that nobody held: a double free, or the end of a handle that "     \
	"somebody else had just been given under the same value.",                                                     \
	    "The library dropped a reference that nobody held: a double free, or the end of a handle that somebody "   \
	    "else has been given under the same value."
#define FREED_MEMORY                                                                                                   \
	"The call would have worked on freed memory: a use after free, or a call on somebody else's new handle.",      \
	    "The call worked on freed memory: a use after free, or a call on somebody else's new handle."
#define USES_ATTACHED                                                                                                  \
	"The call would have worked on what is attached to its handle, which is freed memory.",                        \
	    "The call worked on what is attached to its handle, which is freed memory."
#define LEAKED NULL, "What the handle holds stayed taken until the process ended."
#define FREED_ELSEWHERE                                                                                                \
	"The library keeps part of the handle's state with the thread that created it: the free tears down another "   \
	"thread's state, or leaves what is that thread's behind."
#define COUNT_USERS                                                                                                    \
	"Count the users instead of checking a flag: each call takes a reference before it enters the library and "    \
	"drops it after; close only marks the handle closed and drops its own; whoever drops the last one frees."

#define STILL_ATTACHED                                                                                                 \
	"The handle was freed while it was attached to another one, of which a call was at work: its owner did not "   \
	"ask that other one's.",                                                                                       \
	    "Have the thread that makes the calls on the other handle detach this one between two of them, and free "  \
	    "it only then."

#define GO_KEEP_ALIVE                                                                                                  \
	"The Go object that owns the handle became unreachable in the middle of its last call: once the handle has "   \
	"been read out of it nothing uses the object any more, and the collector does not see that C still uses the "  \
	"handle.",                                                                                                     \
	    "Write runtime.KeepAlive(owner) behind the call into C, in each method that makes one."
#define GO_COUNT                                                                                                       \
	"Claim, then use: under a sync.Mutex each method checks that the handle is open and counts itself in before "  \
	"it goes into C, and counts itself out after. Close only marks the handle closed; whoever counts to zero "     \
	"frees. (A sync.RWMutex that is held across the call makes Close wait for as long as the call blocks.)"
#define WATCHED(what)                                                                                                  \
	"The close came from " what                                                                                    \
	", which waits for nobody: a method had checked that the handle was open and was in its call when it fired."
#define GO_STOP                                                                                                        \
	GO_COUNT " An explicit Close also calls the stop function that context.AfterFunc returned, or Stop of the "    \
	         "time.Timer."
#define PYTHON_STOP PYTHON_COUNT " An explicit close() also cancels the Timer."
#define PYTHON_HOLD                                                                                                    \
	"The last reference to the Python object that owns the handle went away while another thread was in a call "   \
	"on the handle: the call had only the handle, which does not keep the object alive.",                          \
	    "Let each call hold a reference to the owner until it has returned: pass the object, not its handle, to "  \
	    "whoever makes the call. And let __del__ or weakref.finalize only queue the close for a thread that may "  \
	    "wait."
#define PYTHON_JOIN                                                                                                    \
	"The interpreter came to its end and freed the handle while a thread was still in a call on it: daemon "       \
	"threads are not waited for.",                                                                                 \
	    "End the threads and join them before the program ends, and close what they use after that: in a with "    \
	    "statement around them, or in an atexit function that joins them first."
#define PYTHON_COUNT                                                                                                   \
	"Claim, then use: under a threading.Lock each method checks that the handle is open and counts itself in "     \
	"before it calls the library, and counts itself out after. close() only marks the handle closed; whoever "     \
	"counts to zero frees. (A lock that is held across the call makes close() wait for as long as the call "       \
	"blocks.)"
#define LIBRARY_ENDS                                                                                                   \
	"The library ended the handle by itself: on a thread of its own (a time-out, a peer that went away), or in a " \
	"function that the manifest does not name as a free. The program did not know of it.",                         \
	    "Have the library tell of the end (a callback, an error) and drop the handle there, or hold a reference "  \
	    "for as long as it is used. If a function that the program calls ends it, name that function in the "      \
	    "manifest as a free."
#define JOIN_BEFORE_EXIT                                                                                               \
	"The process came to its end (a return from main, exit) while a thread of its own was still at work: "         \
	"handlers "                                                                                                    \
	"at exit, by one of which the library tears itself down, wait for no thread.",                                 \
	    "End the threads that use the library and join them before main returns or exit is called. A process "     \
	    "that "                                                                                                    \
	    "cannot wait for them ends by _exit or quick_exit, which run no such handlers."
#define CHECK_THEN_USE(methods)                                                                                        \
	"Check-then-use: " methods " checked that the handle was open and then called the library, with nothing that " \
	"kept it open in between. A close on another thread (a watcher, a time-out, an explicit close) fits into "     \
	"that gap."
#define GONE_BEFORE_USE(methods)                                                                                       \
	"Check-then-use: " methods " checked that the handle was open, and another thread freed it before the "        \
	"library was called."

static const struct hg_advice advices[] = {
    {HG_KIND_LATE_FREE, HG_SHAPE_AT_EXIT, USE_AFTER_FREE, JOIN_BEFORE_EXIT},
    {HG_KIND_DRAIN_TIMEOUT, HG_SHAPE_AT_EXIT, USE_AFTER_FREE, JOIN_BEFORE_EXIT},
    {HG_KIND_LATE_OP, HG_SHAPE_AT_EXIT, FREED_MEMORY, JOIN_BEFORE_EXIT},
    {HG_KIND_LATE_FREE, HG_SHAPE_ATTACHED, USE_AFTER_FREE, STILL_ATTACHED},
    {HG_KIND_LATE_FREE, HG_SHAPE_GO_FINALIZER, USE_AFTER_FREE, GO_KEEP_ALIVE},
    {HG_KIND_LATE_FREE, HG_SHAPE_PYTHON_FINALIZER, USE_AFTER_FREE, PYTHON_HOLD},
    {HG_KIND_LATE_FREE, HG_SHAPE_PYTHON_END, USE_AFTER_FREE, PYTHON_JOIN},
    {HG_KIND_LATE_FREE, HG_SHAPE_FINALIZER, USE_AFTER_FREE,
     "The object that owns the handle became unreachable in the middle of its last call: the runtime saw that nobody "
     "would touch the object again, and did not know that the library was still using its handle.",
     "Keep the owner alive across the call (in Go, runtime.KeepAlive(owner) after it; in Java, "
     "Reference.reachabilityFence(owner) in a finally block around it; in Python, a reference that outlives it). And "
     "let the finalizer only queue the close for a thread that is allowed to wait."},
    {HG_KIND_LATE_FREE, HG_SHAPE_HALF, USE_AFTER_FREE,
     "The handle is one half of a handle that was split, and the halves were left on the unsafe pattern that the whole "
     "may long have been rid of: one thread closes a half while another is still in a call on it.",
     "Give each half its own reference count around its calls, and close both halves, each by its own owner."},
    {HG_KIND_LATE_FREE, HG_SHAPE_GO_WATCHER, USE_AFTER_FREE,
     WATCHED("a watcher of a context or of the time, on a goroutine of its own"), GO_STOP},
    {HG_KIND_LATE_FREE, HG_SHAPE_PYTHON_WATCHER, USE_AFTER_FREE, WATCHED("a timer, on a thread of its own"),
     PYTHON_STOP},
    {HG_KIND_LATE_FREE, HG_SHAPE_GO, USE_AFTER_FREE, CHECK_THEN_USE("the Go method"), GO_COUNT},
    {HG_KIND_LATE_FREE, HG_SHAPE_PYTHON, USE_AFTER_FREE, CHECK_THEN_USE("the Python method"), PYTHON_COUNT},
    {HG_KIND_LATE_FREE, HG_SHAPE_ANY, USE_AFTER_FREE,
     "Check-then-use: the call checked that the handle was open and then entered the library, with nothing that kept "
     "the handle open in between. A close from another thread (a cancel watcher, a time-out, an explicit close) fits "
     "into that gap.",
     COUNT_USERS},
    {HG_KIND_DRAIN_TIMEOUT, HG_SHAPE_ATTACHED, USE_AFTER_FREE, STILL_ATTACHED},
    {HG_KIND_DRAIN_TIMEOUT, HG_SHAPE_GO_FINALIZER, USE_AFTER_FREE, GO_KEEP_ALIVE},
    {HG_KIND_DRAIN_TIMEOUT, HG_SHAPE_PYTHON_FINALIZER, USE_AFTER_FREE, PYTHON_HOLD},
    {HG_KIND_DRAIN_TIMEOUT, HG_SHAPE_PYTHON_END, USE_AFTER_FREE, PYTHON_JOIN},
    {HG_KIND_DRAIN_TIMEOUT, HG_SHAPE_FINALIZER, USE_AFTER_FREE,
     "A finalizer freed the handle while a call that may block for ever was still in the library: nothing kept the "
     "owner alive across the call.",
     "Keep the owner alive across the call, and let the finalizer only queue the close: a finalizer must never wait."},
    {HG_KIND_DRAIN_TIMEOUT, HG_SHAPE_ANY, USE_AFTER_FREE,
     "The call in flight blocks with no deadline of its own, and nothing wakes it when the handle is to be closed; "
     "the free could only wait in vain.",
     "Wake the call before the free (shut the connection down, cancel the wait), or give it a time-out. Where that "
     "cannot be done, defer the free from the first: let the last call to leave run it (drain: defer)."},
    {HG_KIND_REPEAT_FREE, HG_SHAPE_SHARED, CLAIM_TOO_MANY,
     "More claims are dropped than were made: a holder drops its claim twice, or drops one that it had only borrowed, "
     "or "
     "disconnects a handle that another holder has disconnected for everybody.",
     "Let each drop stand beside the call that made its claim, with one owner for each claim; set the owner's variable "
     "to "
     "null (or the invalid id) where the claim is dropped."},
    {HG_KIND_REPEAT_FREE, HG_SHAPE_LIBRARY, DOUBLE_FREE, LIBRARY_ENDS},
    {HG_KIND_REPEAT_FREE, HG_SHAPE_GO_FINALIZER, DOUBLE_FREE,
     "An explicit Close and the finalizer both freed the handle: Close did not disarm the finalizer.",
     "Let Close call runtime.SetFinalizer(owner, nil), or Stop of the runtime.Cleanup, before it frees."},
    {HG_KIND_REPEAT_FREE, HG_SHAPE_PYTHON_FINALIZER, DOUBLE_FREE,
     "An explicit close and the finalizer both freed the handle: close() did not disarm the finalizer.",
     "Let close() take the handle out of its owner (self.handle, handle = None, self.handle) and free only what it "
     "got, "
     "and let __del__ do the same; or have weakref.finalize free it, and close() call that."},
    {HG_KIND_REPEAT_FREE, HG_SHAPE_FINALIZER, DOUBLE_FREE,
     "An explicit close and the finalizer both freed the handle: the close did not disarm the finalizer.",
     "Let close disarm the finalizer (runtime.SetFinalizer(owner, nil), weakref.finalize.detach()), or send both "
     "through one close that takes the handle out of its owner first and frees only what it got."},
    {HG_KIND_REPEAT_FREE, HG_SHAPE_SAME_THREAD, DOUBLE_FREE,
     "Two paths of one thread free the same handle, most often an error path and the clean-up that runs after it, or a "
     "copy of the handle that outlived the original.",
     "Give the handle one owner, and set the owner's variable to null (or the invalid id) where it is freed."},
    {HG_KIND_REPEAT_FREE, HG_SHAPE_ANY, DOUBLE_FREE,
     "Two threads both took themselves for the one that has to close the handle: an explicit close against a watcher, "
     "or two closes at once, each of which checked a flag before either had set it.",
     "Close once: exchange the handle for null atomically and free only what the exchange returned."},
    {HG_KIND_LATE_OP, HG_SHAPE_SHARED, FREED_MEMORY,
     "Another holder ended the handle for everybody, or dropped the last claim while this caller had none of its own: "
     "the "
     "handle was borrowed, and outlived what it was borrowed from.",
     "Give each user a claim of its own for as long as it uses the handle; where one call ends it for everybody, put "
     "the "
     "handle behind one shared, counted owner."},
    {HG_KIND_LATE_OP, HG_SHAPE_LIBRARY, FREED_MEMORY, LIBRARY_ENDS},
    {HG_KIND_LATE_OP, HG_SHAPE_FINALIZER, FREED_MEMORY,
     "The handle had been freed by a finalizer although somebody could still call it: the raw handle was copied out of "
     "the object that owns it, and the copy does not keep the object alive.",
     "Hand out the owner, not the raw handle, and keep the owner alive until the last call has returned."},
    {HG_KIND_LATE_OP, HG_SHAPE_SAME_THREAD, FREED_MEMORY,
     "The thread went on using a handle that it had itself freed: a stale copy, or a clean-up that runs in the wrong "
     "order.",
     "Set the variable to null (or the invalid id) where the handle is freed, and free it after its last use."},
    {HG_KIND_LATE_OP, HG_SHAPE_GO, FREED_MEMORY, GONE_BEFORE_USE("the Go method"), GO_COUNT},
    {HG_KIND_LATE_OP, HG_SHAPE_PYTHON, FREED_MEMORY, GONE_BEFORE_USE("the Python method"), PYTHON_COUNT},
    {HG_KIND_LATE_OP, HG_SHAPE_ANY, FREED_MEMORY,
     "Check-then-use: the call checked that the handle was open, and another thread freed it before the call had "
     "entered the library.",
     COUNT_USERS},
    {HG_KIND_REENTRANT_FREE, HG_SHAPE_ANY,
     "The library would have returned from the callback into an op whose handle was gone: a use after free.",
     "The library returned from the callback into an op whose handle was gone: a use after free.",
     "A callback that the library runs in the middle of an op frees the very handle that the op is working on.",
     "Let the callback only queue the close, and do it when the op has returned."},
    {HG_KIND_ORPHAN, HG_SHAPE_ANY,
     "The child would have been left with a pointer into its freed parent: a use after free with its next call.",
     "The child is left with a pointer into its freed parent: a use after free with each call on it.",
     "The parent was closed without regard to the handles that were made from it.",
     "Let each child hold a reference on its parent, so that the parent is freed after its last child; or close the "
     "children first."},
    {HG_KIND_SEVERED, HG_SHAPE_ANY,
     "The other holders' next calls would have failed, or reached whoever was given the same handle next.",
     "The other holders' next calls fail, or reach whoever is given the same handle next.",
     "The count of users and the disconnect that follows its last drop are not one step: somebody connected in "
     "between, and was cut off. Or another library in the process holds the same handle, which the count never saw.",
     "Put the connection behind one shared, counted owner for the whole process, with the connect and the disconnect "
     "under its lock; or never disconnect a server that will be needed again."},
    {HG_KIND_UNWOUND, HG_SHAPE_ANY, NULL,
     "Unwinding through C frames that are not made for it is undefined: the locks that the function held and what it "
     "had half done stay as they were.",
     "An exception, a panic or the cancellation of the thread left the library's function without a return.",
     "Catch at the boundary: turn the exception or panic into an error code inside the outermost C function."},
    {HG_KIND_ABANDONED, HG_SHAPE_ANY, NULL,
     "The locks that the function held and what it had half done stay as they were. A guard written by hand counts the "
     "op as in flight for ever, and every free waits for it.",
     "The op was left by longjmp, or its thread was killed in the middle of it.",
     "Do not jump out of a call into the library, and end threads by letting them return."},
    {HG_KIND_STRAY, HG_SHAPE_ANY,
     "The library would have been handed a value that, as far as was seen, it never gave out.",
     "The library was handed a value that, as far as was seen, it never gave out.",
     "The value is no handle of this class: an uninitialised variable, a handle of another class, or a handle that "
     "came from a function that the manifest does not name.",
     "Look at where the value comes from. If a function hands out such handles, name it in the manifest."},
    {HG_KIND_REBORN, HG_SHAPE_IN_PLACE, NULL,
     "What the library had allocated for the handle before is lost: nothing leads to it any more.",
     "The same memory was filled a second time, and nothing had ended it in between: an error path that begins anew, a "
     "variable on the stack that was left as it was, or a function that ends it and is missing from the manifest.",
     "End the handle before its memory is filled again or goes out of use; or name the function that ends it as a "
     "free in the manifest."},
    {HG_KIND_REBORN, HG_SHAPE_ANY, NULL, "Nothing has gone wrong: this is about what the guard does not see.",
     "The library gave out a value that still counted as live: it was released by a function that the manifest does "
     "not name.",
     "Find the function that releases this class and add it to the manifest as a free."},
    {HG_KIND_EXHAUSTED, HG_SHAPE_ANY, NULL, "The next create fails for everybody in the process.",
     "More handles are held at once than the class has to give, most often one for each user of what could be shared.",
     "Share one handle behind a counted owner, and close handles that are no longer used."},
    {HG_KIND_LEAK, HG_SHAPE_SHARED, LEAKED,
     "A claim was made and never dropped: a reference on an error path, two owners that hold each other, or an object "
     "that "
     "the program meant to keep.",
     "Drop each claim on every path; break cycles with a reference that does not count. Where the handle is meant to "
     "live as "
     "long as the process, say so in the manifest (outlive: true)."},
    {HG_KIND_LEAK, HG_SHAPE_HALF, LEAKED,
     "The handle is one half of a handle that was split, and nobody closed it: typically the other half, or an error "
     "after the split, was taken for the end of both.",
     "Close both halves, also on the path where only one of them could be made use of."},
    {HG_KIND_OVERLAP, HG_SHAPE_WHOLE,
     "The library keeps state that all of its handles share, and does not lock it: two calls at once would have read "
     "what "
     "the other was just changing, which corrupts memory, results or files.",
     "The library keeps state that all of its handles share, and does not lock it: two calls at once read what the "
     "other "
     "is just changing, which corrupts memory, results or files.",
     "Two threads are in the library at once, each with handles of its own: that is not enough where the library is "
     "for "
     "one thread at a time.",
     "Hold one lock of the program's own around every call of the library, whatever it is given, or have one thread "
     "make "
     "them all."},
    {HG_KIND_OVERLAP, HG_SHAPE_ANY,
     "The library does not lock its handles: two calls at once would have read what the other was just changing, which "
     "corrupts memory or results.",
     "The library does not lock its handles: two calls at once read what the other is just changing, which corrupts "
     "memory or results.",
     "Two threads share the handle without a lock of the program's own around their calls, or with one that does not "
     "cover all of them.",
     "Give each thread a handle of its own, or hold one lock from the first to the last call of each use."},
    {HG_KIND_WRONG_THREAD, HG_SHAPE_FINALIZER, NULL, FREED_ELSEWHERE,
     "The object that owns the handle was collected, and a collector's finalizer runs on whichever thread it likes.",
     "Close the handle on its own thread, when the program is done with it. And let the finalizer only queue the close "
     "for "
     "that thread."},
    {HG_KIND_WRONG_THREAD, HG_SHAPE_FREE, NULL, FREED_ELSEWHERE,
     "The handle was closed by another thread than its own: by a watcher, by who takes the program down, or by whoever "
     "dropped "
     "the last reference to its owner.",
     "Let the other thread only queue the close, and the thread that created the handle do it."},
    {HG_KIND_WRONG_THREAD, HG_SHAPE_ANY, NULL,
     "The library keeps part of the handle's state with the thread that created it: the call works on another "
     "thread's state, or on none.",
     "The handle was passed to another thread: through a pool, a callback, or a finalizer.",
     "Send the work to the thread that created the handle."},
    {HG_KIND_FREED_LATE, HG_SHAPE_ANY, NULL,
     "What the handle holds stayed taken until then, and who waited for it to be given back waited on.",
     "A call stayed in the library for longer than the deadline of the free that was to end its handle.",
     "Wake the call before the free (shut the connection down, cancel the wait), or give it a time-out."},
    {HG_KIND_NULL_OP, HG_SHAPE_ANY,
     "The library does not look whether it was given a handle: it would have followed the null, which is a crash as a "
     "rule.",
     "The library does not look whether it was given a handle: it follows the null, which is a crash as a rule.",
     "Half of a fix of check-then-use: close sets the owner's field to null, so that nobody calls the library with "
     "what was "
     "freed. But a method that had checked the field, or did not check it at all, reads the null there and calls the "
     "library "
     "with it.",
     "Read the field once, check what was read, and keep the handle from being closed until the call is over: each "
     "call "
     "takes a reference before it enters the library and drops it after, and whoever drops the last one frees."},
    {HG_KIND_INHERITED, HG_SHAPE_FREE,
     "The library would have torn down in the child what the parent goes on using: the free takes leave of a server, "
     "gives up "
     "locks or removes files, for both of them.",
     "The library tore down in the child what the parent goes on using: the free takes leave of a server, gives up "
     "locks or "
     "removes files, for both of them.",
     "A forked child has a copy of the object that owns the handle, and let go of it: its garbage collector, its "
     "handlers at exit, "
     "or an explicit close.",
     "End such a child by _exit, and have it keep what it has inherited till then; or fork before the handle is "
     "created, or start "
     "the child anew (in Python, multiprocessing with 'spawn' or 'forkserver')."},
    {HG_KIND_INHERITED, HG_SHAPE_ANY, NULL,
     "The child and its parent talk over the same connection, or take the same locks for their own: answers reach the "
     "wrong one, "
     "and files and memory are corrupted.",
     "A forked child goes on using a handle that its parent had created.",
     "Create the handle in the process that uses it, after the fork."},
    {HG_KIND_FREED_AGAIN, HG_SHAPE_ANY, NULL,
     "Nothing has gone wrong if the library had handed the value out again, by a function that the manifest does not "
     "name. Else the same memory is freed twice.",
     "The class says that not all of its creates can be seen (creates: some), so that a second free cannot be told "
     "from "
     "the first of a new handle.",
     "Name every function that hands out such handles as a create, if that can be. Else see to it that each handle has "
     "one owner, who frees it once."},
    {HG_KIND_DANGLING, HG_SHAPE_ANY, USES_ATTACHED,
     "The handle keeps the address of what was attached to it, and that was freed while it still was: by an owner of "
     "its "
     "own, which did not know of the attachment, or in the wrong order.",
     "Detach it before it is freed, or have the owner of the handle own what is attached to it, and free it last."},
    {HG_KIND_GIVEN_FREE, HG_SHAPE_ANY, DOUBLE_FREE,
     "The program frees what it has given away: the call that attached the handle to the other one made it that one's "
     "to free.",
     "Forget the handle where it is given away: set the owner's variable to null after the call that did so has "
     "succeeded, "
     "and free it only if that failed."},
    {HG_KIND_FREE_AT_RETURN, HG_SHAPE_ANY, NULL,
     "Nothing has gone wrong yet: the call had left the library. A moment earlier the free would have met it inside, "
     "unless the library itself had told whoever frees that it was done.",
     "Nothing that the guards see keeps the free from coming before the call has returned: the two sides are kept "
     "apart "
     "by time, or by what the library says before it returns (a message, a callback, a count).",
     "Let the free wait until the calls have returned: join their thread, or count them in and out. Where the library "
     "allows a free as soon as it has said that it is done, nothing is to be mended."},
    {HG_KIND_LEAK, HG_SHAPE_ANY, LEAKED,
     "Nobody freed it before the process ended: a path without a close, or an object that the program meant to keep.",
     "Close it on every path, or leave it if it is meant to live as long as the process."},
};

const struct hg_advice *hg_all_advice(size_t *count)
{
	*count = sizeof(advices) / sizeof(*advices);
	return advices;
}

const struct hg_advice *hg_find_advice(const struct hg_resolved_finding *finding)
{
	const struct hg_advice *last = NULL;
	enum hg_freer_kind freer = freer_of(finding);

	for (size_t i = 0; i < sizeof(advices) / sizeof(*advices); i++) {
		if (advices[i].kind != finding->kind)
			continue;
		last = &advices[i];
		if (has_shape(finding, advices[i].shape, freer))
			break;
	}
	return last;
}

bool hg_was_prevented(const struct hg_resolved_finding *finding)
{
	if (finding->recording->reader.header->mode == HG_MODE_OBSERVE || finding->passed ||
	    !hg_find_advice(finding)->prevented)
		return false;
	switch (finding->kind) {
	case HG_KIND_SEVERED:
	case HG_KIND_INHERITED:
	case HG_KIND_GIVEN_FREE:
		return finding->withheld;
	case HG_KIND_STRAY:
		return finding->refused;
	case HG_KIND_OVERLAP:
		return finding->serialised || (finding->unfinished && finding->deadline_ns > 0);
	default:
		return true;
	}
}

const char *hg_consequence(const struct hg_resolved_finding *finding)
{
	const struct hg_advice *advice = hg_find_advice(finding);

	return hg_was_prevented(finding) ? advice->prevented : advice->happened;
}
