"""On machines that are prepared in every way, what `doctor` says is what `run` then does."""
import ctypes
import json
import os
import pathlib
import subprocess
import unittest

from support import BIN, PROGRAM, SOURCE, CommandLineTest

BOX = SOURCE / "tests/cli/box/box.yaml"
USER = BIN / "cli_box"
MACHINE = BIN / "cli_machine"
COVERED, NOTHING, UNKNOWN = "covered", "nothing", "unknown"


def unwinder_asks_for_pages():
    """libunwind before 1.8 asks by mincore whether memory can be read; since then it writes from there to a pipe."""
    with open("/proc/self/maps", encoding="utf-8") as maps:
        ctypes.CDLL("libunwind.so.8")
        maps.seek(0)
        (path,) = {line.split()[-1] for line in maps if "/libunwind.so" in line}
    return b"mincore" in pathlib.Path(path).read_bytes()


def can_mount():
    return os.getuid() == 0 and subprocess.run(["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], check=False,
                                               capture_output=True).returncode == 0


class Machine(CommandLineTest):
    manifest = BOX

    def answer(self, prefix, options, **environment):
        """What `doctor` says on a machine."""
        result = self.on(prefix, "doctor", "-m", self.manifest, "--format=json", *options, "--", USER, **environment)
        self.assertIn(result.returncode, (0, 1, 2), result.stderr)
        return json.loads(result.stdout)

    def outcome(self, prefix, options, **environment):
        """What becomes of a run there: covered, nothing, or that it did not come about; and its exit status."""
        path = self.folder / "report.json"
        path.unlink(missing_ok=True)
        result = self.on(prefix, "run", "-m", self.manifest, "--format=json", "--report", path, *options, "--", USER,
                         **environment)
        if result.returncode != 0:
            return UNKNOWN, result.returncode
        report = json.loads(path.read_text(encoding="utf-8"))
        return COVERED if any(entry["calls"] for entry in report["recordings"]) else NOTHING, 0

    def on(self, prefix, *words, **environment):
        return subprocess.run([*prefix, PROGRAM, *words], env=self.environment | environment, capture_output=True,
                              text=True, timeout=300, check=False)

    def assert_as_said(self, verdict, *prefix, options=(), **environment):
        environment = {key: str(value) for key, value in environment.items()}
        answer = self.answer(prefix, options, **environment)
        outcome, status = self.outcome(prefix, options, **environment)
        self.assertEqual((answer["verdict"], outcome), (verdict, verdict), (answer, status))
        return [(remark["level"], remark["text"]) for remark in answer["remarks"]], answer["why"], status

    @staticmethod
    def mounted(commands):
        """A machine with mounts of its own."""
        return ("unshare", "-m", "sh", "-ec", f'{commands}; exec "$@"', "sh")


class Kernels(Machine):
    def test_plain(self):
        remarks, why, _ = self.assert_as_said(COVERED)
        self.assertEqual(why, "calls of 4 of the 4 functions will be seen")
        self.assertIn(("ok", "guards held and recorded in a trial"), remarks)

    def test_membarrier_is_refused(self):
        remarks, _, _ = self.assert_as_said(COVERED, MACHINE, "refuse", "membarrier")
        self.assertIn(("note", "fence full: this system refuses membarrier, so that each guarded call costs more"),
                      remarks)
        self.assertIn(("note", "a seccomp filter is in force"), remarks)

    def test_membarrier_kills(self):
        remarks, why, status = self.assert_as_said(UNKNOWN, MACHINE, "kill", "membarrier")
        self.assertIn(("problem", "a seccomp filter ends whoever calls membarrier, as guards do"), remarks)
        self.assertEqual(why, "with guards, a program is ended by signal 31 (SIGSYS) here")
        self.assertEqual(status, 128 + 31)

    def test_memory_cannot_be_wiped_in_children(self):
        remarks, _, _ = self.assert_as_said(COVERED, MACHINE, "refuse", "wipe")
        self.assertTrue(any(level == "problem" and "MADV_WIPEONFORK" in text for level, text in remarks), remarks)

    def test_sockets_are_refused(self):
        self.assert_as_said(COVERED, MACHINE, "refuse", "socket")

    def test_sockets_kill(self):
        self.assert_as_said(UNKNOWN, MACHINE, "kill", "socket")

    @unittest.skipUnless(unwinder_asks_for_pages(), "libunwind makes no call here that can be told from the program's")
    def test_a_call_of_the_unwinder_kills(self):
        self.assert_as_said(UNKNOWN, MACHINE, "kill", "mincore")


class Folders(Machine):
    def test_files_may_not_grow(self):
        _, why, status = self.assert_as_said(UNKNOWN, MACHINE, "limit", "100000")
        self.assertEqual((why, status), ("there is no folder for recordings", 125))

    def test_the_folder_is_a_file(self):
        self.assert_as_said(UNKNOWN, options=("-o", self.script("", "file")))

    def test_there_is_no_folder_for_temporary_files(self):
        self.assert_as_said(UNKNOWN, TMPDIR=self.folder / "nowhere")

    @unittest.skipIf(os.getuid() != 0, "only root can give folders away")
    def test_the_folder_is_anothers(self):
        folder = self.folder / "others"
        folder.mkdir()
        os.chown(folder, 12345, 12345)
        self.assert_as_said(UNKNOWN, options=("-o", folder))

    def test_the_cache_cannot_be_made_where_it_was_asked_for(self):
        self.assert_as_said(COVERED, XDG_CACHE_HOME="/dev/null")


@unittest.skipIf(not can_mount(), "nothing can be mounted")
class Mounts(Machine):
    def test_a_full_disk(self):
        self.assert_as_said(UNKNOWN, *self.mounted(f"mount -t tmpfs -o size=64k none {self.folder}/tmp"))

    def test_a_read_only_disk(self):
        self.assert_as_said(UNKNOWN, *self.mounted(f"mount -t tmpfs -o ro none {self.folder}/tmp"))

    def test_a_cache_from_which_nothing_can_be_run(self):
        cache = self.folder / "cache"
        cache.mkdir()
        self.assert_as_said(COVERED, *self.mounted(f"mount -t tmpfs -o noexec none {cache}"), XDG_CACHE_HOME=cache)

    def test_an_object_that_cannot_be_loaded_where_it_lies(self):
        place = self.folder / "place"
        place.mkdir()
        made = self.folder / "box.so"
        self.assertEqual(self.handleguard("manifest", "build", BOX, "-o", made).returncode, 0)
        self.manifest = place / "box.so"
        _, why, _ = self.assert_as_said(NOTHING,
                                        *self.mounted(f"mount -t tmpfs -o noexec none {place}; cp {made} {place}"))
        self.assertTrue(why.startswith("the loader preloads nothing here: ERROR: ld.so: object "), why)

    def test_without_proc(self):
        self.assert_as_said(COVERED, *self.mounted("mount -t tmpfs none /proc"))

    def test_without_libunwind(self):
        paths = {os.path.realpath(path) for path in pathlib.Path("/usr/lib/x86_64-linux-gnu").glob("libunwind.so.8*")}
        hide = "; ".join(f"mount --bind /dev/null {path}" for path in paths)
        remarks, _, _ = self.assert_as_said(COVERED, *self.mounted(hide or "true"))
        self.assertIn(("problem", "libunwind.so.8 is not installed: stacks will have one frame only"), remarks)

    def test_a_root_with_nothing_but_libraries(self):
        root = self.folder / "root"
        names = [name for name in ("usr", "lib", "lib64", "bin", *SOURCE.parts[1:2], "tmp") if os.path.exists(f"/{name}")]
        commands = [f"mkdir -p {root}/{name}; mount --rbind /{name} {root}/{name}" for name in dict.fromkeys(names)]
        self.assert_as_said(COVERED, *self.mounted("; ".join(commands)), "chroot", root)


if __name__ == "__main__":
    unittest.main()
