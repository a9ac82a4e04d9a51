"""The frames that are told of this interpreter's threads, against those that it knows of itself.

Usage: test_python_walker.py PROBE
"""
import asyncio
import ctypes
import gc
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import unittest
import weakref

PROBE = sys.argv.pop(1)
FOLDER = tempfile.TemporaryDirectory()
MOST = 64  # frames, HG_TOLD_MAX
VERSION = sys.version_info[:2]

probe = ctypes.CDLL(PROBE)  # lets go of the interpreter's lock while it is called
holding = ctypes.PyDLL(PROBE)  # does not
probe.probe_key.restype = ctypes.c_uint64
probe.probe_count.restype = ctypes.c_uint64
CALLBACK = ctypes.CFUNCTYPE(None)
FINALIZER, WEAK, COLLECTOR, ENDING = 1, 2, 4, 8  # HG_TOLD_FINALIZER and so on, as the probe says them


def lines_by(function, *arguments):
    """[(entry, file, line, function)], innermost first."""
    text = ctypes.create_string_buffer(1 << 16)
    count = function(*arguments, text, ctypes.c_size_t(len(text)))
    lines = text.value.decode().splitlines()
    assert len(lines) == count, (count, lines)
    frames = []
    for line in lines:
        entry, rest = line.split(":", 1)
        file, number, name = rest.rsplit(":", 2)
        frames.append((int(entry, 16), file, int(number), name))
    return frames


def told_by(function, *arguments):
    return [frame[1:] for frame in lines_by(function, *arguments)]


def entries():
    """{function: why it was called} of the calling thread's frames that the interpreter called by itself."""
    return {name.split(".")[-1]: entry for entry, _, _, name in lines_by(probe.probe_own) if entry}


def name_of(code):
    return code.co_qualname if VERSION >= (3, 11) else code.co_name


def truth(frame):
    frames = []
    while frame and len(frames) < MOST:
        frames.append((frame.f_code.co_filename, frame.f_lineno, name_of(frame.f_code)))
        frame = frame.f_back
    return frames


class Walker(unittest.TestCase):
    def check_own(self, library=probe):
        """The calling function's frames and those further out."""
        told, known = told_by(library.probe_own), truth(sys._getframe(0))
        self.assertEqual(told[0][2], "lines_by")
        told = told[1:]
        self.assertEqual(told[0][2], "told_by")
        # told_by and this function have moved on since.
        self.assertEqual(told[2:], known[1:][:MOST - 3])
        self.assertEqual(told[1][::2], known[0][::2])

    def test_own_thread_without_lock(self):
        self.check_own()
        self.check_own()  # now that it is proven, by loads

    def test_own_thread_with_lock(self):
        self.check_own(holding)
        self.check_own(holding)

    def test_own_other_thread_without_lock(self):
        failures = self.in_thread(self.check_own)
        self.assertEqual(failures, [])

    def test_recursion_beyond_what_is_told(self):
        def recurse(depth):
            if depth:
                recurse(depth - 1)
            else:
                self.check_own()
        recurse(3 * MOST)

    def test_generator_comprehension_lambda(self):
        def generator():
            yield self.check_own()
        for _ in generator():
            pass
        [self.check_own()
         for _ in range(1)]
        (lambda: self.check_own())()

    def test_names_that_are_not_ascii(self):
        def généré_日本_𝔵():
            self.check_own()
        généré_日本_𝔵()
        namespace = {}
        exec(compile("def f(check):\n\n    check()\n", "/tmp/ordner_ü/日本.py", "exec"), namespace)
        namespace["f"](self.check_own)

    def test_file_name_that_is_no_text(self):
        told = []
        namespace = {"told": told, "told_by": told_by, "probe": probe}
        exec(compile("told += told_by(probe.probe_own)", "a\udcffb\nc.py", "exec"), namespace)
        self.assertEqual(told[2], ("a?b?c.py", 1, "<module>"))

    def test_coroutine(self):
        async def inner():
            await asyncio.sleep(0)
            self.check_own()

        async def outer():
            await inner()
        asyncio.run(outer())

    def test_finalizer_run_by_collector(self):
        seen = []

        class Owner:
            def __del__(owner):
                seen.append(told_by(probe.probe_own))
        owner = Owner()
        owner.me = owner
        del owner
        gc.collect()
        self.assertEqual([function.split(".")[-1] for _, _, function in seen[0]][2:4],
                         ["__del__", "test_finalizer_run_by_collector"])

    def test_under_trace_function(self):
        def trace(frame, event, argument):
            return trace
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            self.check_own()
        finally:
            sys.settrace(before)

    @unittest.skipIf(VERSION < (3, 12), "sys.monitoring came with 3.12")
    def test_under_monitoring(self):
        monitoring = sys.monitoring
        monitoring.use_tool_id(3, "test")
        monitoring.register_callback(3, monitoring.events.LINE, lambda *_: None)
        monitoring.set_events(3, monitoring.events.LINE | monitoring.events.INSTRUCTION)
        try:
            self.check_own()
        finally:
            monitoring.set_events(3, 0)
            monitoring.free_tool_id(3)

    def test_line_of_a_long_function(self):
        body = "".join(f"    a{i % 50} = (\n        {i})\n" for i in range(4000))
        namespace = {}
        exec(compile(f"def long(check):\n{body}    check()\n", "long.py", "exec"), namespace)
        namespace["long"](self.check_own)

    def tearDown(self):
        self.assertEqual([probe.probe_count(name) for name in (b"python-lost", b"python-unknown")], [0, 0])

    def test_own_thread_on_a_stack_too_small_to_walk_on(self):
        self.check_own()
        self.assertEqual(probe.probe_own_on_small_stack(), 0)

    # --- other threads ---

    def in_thread(self, work):
        failures = []

        def run():
            try:
                work()
            except BaseException as failure:
                failures.append(failure)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        return failures

    def check_parked(self, *works):
        """Each parks in a thread of its own."""
        threads = [threading.Thread(target=work) for work in works]
        for number, thread in enumerate(threads):
            thread.start()
            while probe.probe_parked() <= number:
                pass
        try:
            for number, thread in enumerate(threads):
                known = truth(sys._current_frames()[thread.ident])
                self.assertEqual(told_by(probe.probe_other, number), known)
                self.assertEqual(told_by(holding.probe_other, number), known)
                self.assertEqual(told_by(probe.probe_other_from_c, number), known)
        finally:
            probe.probe_let_go()
            for thread in threads:
                thread.join()

    def test_threads_that_are_parked(self):
        def recursive(depth):
            if depth:
                return [recursive(depth - 1)
                        for _ in range(1)]
            return (
                probe.probe_park()
            )

        def generating():
            def generator():
                yield probe.probe_park()
            for _ in generator():
                pass

        async def coroutine():
            await asyncio.sleep(0)
            return probe.probe_park()
        self.check_parked(lambda: recursive(3), generating,
                          lambda: asyncio.run(coroutine()))

    def test_thread_that_is_none_of_pythons(self):
        @CALLBACK
        def callback():
            pass
        text = ctypes.create_string_buffer(100)
        # The C thread that asks has no frames of its own, whatever the others have.
        self.assertEqual(probe.probe_other_from_c(15, text, ctypes.c_size_t(len(text))), 0)

    def test_callback_on_thread_of_c(self):
        seen = []

        @CALLBACK
        def callback():
            seen.append(told_by(probe.probe_own))
        for _ in range(3):  # each has a state of its own
            probe.probe_call_in_thread(callback)
        for told in seen:
            self.assertEqual([function.split(".")[-1] for _, _, function in told], ["lines_by", "told_by", "callback"])
        self.assertEqual(len(seen), 3)

    def check_forked(self):
        child = os.fork()
        if not child:
            try:
                self.check_own()
                os._exit(0)
            finally:
                os._exit(1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

    def test_forked_child(self):
        self.check_forked()
        self.assertEqual(self.in_thread(self.check_forked), [])

    def test_subinterpreter(self):
        try:
            import _interpreters as interpreters
        except ImportError:
            import _xxsubinterpreters as interpreters
        if VERSION >= (3, 13):
            identity = interpreters.create("legacy")
        else:
            identity = interpreters.create(isolated=False)
        code = f"""if True:
            import ctypes
            probe = ctypes.CDLL({PROBE!r})
            text = ctypes.create_string_buffer(1 << 16)
            def inside():
                assert probe.probe_own(text, ctypes.c_size_t(len(text))) == 2
            inside()
            lines = text.value.decode().split()
            assert [line.replace("<script>", "<string>") for line in lines] == [
                "0:<string>:6:inside", "0:<string>:7:<module>"], lines"""
        self.assertIsNone(interpreters.run_string(identity, code))
        self.check_own()  # it is idle now, and has a state for this thread still
        interpreters.destroy(identity)
        self.check_own()

    # --- why a function was called ---

    def finalized(self, how):
        """An object whose finalizer says why it was called, and how many of them have so far."""
        seen = []

        class Owner:
            def close(self):
                seen.append(entries())

            def __del__(self):
                if self.watched:
                    self.close()
        owner = Owner()
        owner.watched = True
        how(owner)
        owner.watched = False
        return seen

    def test_entry_finalizer_by_last_reference(self):
        def drop(owner):
            holder = [owner.__class__()]
            holder[0].watched = True
            del holder[0]
        self.assertEqual(self.finalized(drop), [{"__del__": FINALIZER}])

    def test_entry_finalizer_by_collector(self):
        def leave(owner):
            other = owner.__class__()
            other.watched, other.me = True, other
            del other
            gc.collect()
        self.assertEqual(self.finalized(leave), [{"__del__": FINALIZER | COLLECTOR}])

    @unittest.skipIf(VERSION < (3, 11), "before 3.11 every function is called by C code")
    def test_entry_finalizer_called_by_hand(self):
        self.assertEqual(self.finalized(lambda owner: owner.__del__()), [{}])

    def test_entry_close_from_a_queue_that_a_finalizer_fills(self):
        closed = queue.SimpleQueue()

        class Owner:
            def __del__(self):
                closed.put(1)
        owner = Owner()
        del owner
        closed.get(timeout=300)
        self.assertEqual(entries(), {})

    def weakly(self, how):
        """An object to which a weak reference has a callback, which says why it was called."""
        class Target:
            pass
        seen, target = [], Target()
        target.reference = None

        def callback(reference):
            seen.append(entries())
        reference = weakref.ref(target, callback)
        targets = [target]
        del target
        how(targets)
        self.assertIsNone(reference())
        return seen

    def test_entry_weak_callback_by_last_reference(self):
        self.assertEqual(self.weakly(list.clear), [{"callback": WEAK}])

    def test_entry_weak_callback_by_collector(self):
        def leave(targets):
            targets[0].me = targets[0]
            targets.clear()
            gc.collect()
        self.assertEqual(self.weakly(leave), [{"callback": WEAK | COLLECTOR}])

    def test_entry_called_with_a_living_reference(self):
        class Target:
            pass
        target = Target()
        self.assertEqual(list(map(lambda reference: entries(), [weakref.ref(target)])), [{}])

    def test_entry_weak_finalize(self):
        class Target:
            pass
        seen, targets = [], [Target(), Target()]
        finalizers = [weakref.finalize(target, lambda: seen.append(entries())) for target in targets]
        finalizers[0]()
        targets.clear()
        self.assertEqual(seen, [{}, {"__call__": WEAK}])

    # --- keys ---

    def test_key_of_each_line_is_another(self):
        namespace = {}
        lines = "".join("    add(key())\n" for _ in range(100))
        exec(f"def hundred(key, add):\n{lines}", namespace)
        told_by(probe.probe_own)
        rounds = []
        for _ in range(2):
            keys = []
            namespace["hundred"](probe.probe_key, keys.append)
            rounds.append(keys)
        self.assertNotIn(0, rounds[0])
        self.assertEqual(len(set(rounds[0])), 100)
        self.assertEqual(*rounds)

    def test_key_of_a_thread_that_was_not_walked(self):
        keys = []
        self.assertEqual(self.in_thread(lambda: keys.append(probe.probe_key())), [])
        self.assertEqual(keys, [0])

    # --- the end ---

    def run_script(self, script):
        """With a recording of its own."""
        with tempfile.TemporaryDirectory() as folder:
            script = f"import ctypes\nprobe = ctypes.CDLL({PROBE!r})\nprobe.probe_start({folder!r}.encode())\n" + script
            result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300,
                                    cwd=pathlib.Path(__file__).parent, check=False)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)
        return result.stdout.splitlines()

    def test_end_of_interpreter(self):
        told = self.run_script("""
import atexit, os, sys
# At the end globals are None.
def tell(how, own=probe.probe_own, text=ctypes.create_string_buffer(1 << 16), size=ctypes.c_size_t(1 << 16),
         write=os.write):
    own(text, size)
    frames = [line.split(":") for line in text.value.decode().split()]
    write(1, f"{how} {[(frame[0], frame[3].split('.')[-1]) for frame in frames]}\\n".encode())
class Owner:
    def __init__(self): self.tell = tell
    def __del__(self): self.tell("at the end")
sys.owner = Owner()
probe.probe_at_exit()
atexit.register(lambda: tell("atexit"))
""")
        self.assertEqual(told, ["atexit [('0', 'tell'), ('0', '<lambda>')]",
                                "at the end [('0', 'tell'), ('0x9', '__del__')]", "at exit: 0"])

    def test_reads_that_are_refused(self):
        told = self.run_script("""
import threading
text = ctypes.create_string_buffer(1 << 16)
probe.probe_refuse_reads()
def own(): return probe.probe_own(text, ctypes.c_size_t(len(text)))
print(own())
def park(): probe.probe_park()
thread = threading.Thread(target=park)
thread.start()
while not probe.probe_parked(): pass
probe.probe_other(0, text, ctypes.c_size_t(len(text)))
probe.probe_let_go()
thread.join()
print([line.split(":")[3].split(".")[-1] for line in text.value.decode().split()])
""")
        self.assertEqual(told, ["2", "['park', 'run', '_bootstrap_inner', '_bootstrap']"])

    def test_threads_that_run_meanwhile(self):
        """Nothing is said of what is told: only that nobody crashes."""
        told = self.run_script(pathlib.Path(__file__).with_name("stress.py").read_text(encoding="utf-8"))
        self.assertGreater(int(told[0]), 0)


if __name__ == "__main__":
    probe.probe_start(FOLDER.name.encode())
    unittest.main()
