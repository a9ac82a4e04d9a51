"""A recording carries its names: what was told once is told elsewhere, and after the objects have gone or changed."""
import os
import pathlib
import random
import subprocess
import time
import unittest

from names import HERE, NamesTest

INTERRUPTED = pathlib.Path(os.environ["HANDLEGUARD_TEST_INTERRUPTED"])


class Kept(NamesTest):
    def tell_elsewhere(self, what):
        """The report where everything was, and in another folder once program and library are gone."""
        run = self.record(what)
        here = self.told(run, "--read-only")
        self.app.rename(self.elsewhere)
        moved = self.folder / "moved"
        run.rename(moved)
        self.assertEqual(self.told(moved), here)
        return here

    def test_the_same_elsewhere(self):
        self.assert_named(self.tell_elsewhere("twice"))

    def test_calls_in_flight(self):
        text = self.tell_elsewhere("die")
        self.assertIn("net_use of net", text)
        self.assertRegex(text, "main at .*/program.c:[0-9]+")

    def test_what_is_out_of_reach(self):
        """A function that the program defines itself is seen in its objects only."""
        self.build("-DOWN_PEEK")
        self.assertIn("defined in the program itself", " ".join(self.tell_elsewhere("twice").split()))

    def test_json(self):
        run = self.record("twice")
        here = self.told(run, "--format=json", "--read-only")
        self.app.rename(self.elsewhere)
        self.assertEqual(self.told(run, "--format=json"), here)

    def test_built_anew(self):
        """Another build lies there: its lines are not those of the recording."""
        run = self.record("twice")
        here = self.told(run, "--read-only")
        (self.app / "program").unlink()
        self.build("-O0")
        self.assertEqual(self.told(run), here)

    def test_stripped_afterwards(self):
        run = self.record("twice")
        here = self.told(run, "--read-only")
        for name in ("program", "libnet.so"):
            subprocess.run(["strip", self.app / name], check=True)
        self.assertEqual(self.told(run), here)


class FirstReader(NamesTest):
    """Nobody waited for the process: the first report keeps the names."""

    def orphan(self):
        """The folder of a run that let go while a process that it had left behind went on, and what ends that."""
        read, write = os.pipe()
        run = self.record("linger", stdin=read)
        os.close(read)
        return run, write

    def end(self, run, write):
        os.close(write)
        recording, = run.glob("*.hgr")
        deadline = time.monotonic() + 30
        while b"still running" in self.handleguard("report", "--read-only", recording).stdout.encode():
            self.assertLess(time.monotonic(), deadline)
        return recording

    def test_first_reader_keeps_names(self):
        run, write = self.orphan()
        self.end(run, write)
        first = self.told(run)
        self.assert_named(first)
        self.app.rename(self.elsewhere)
        self.assertEqual(self.told(run), first)

    def test_read_only_leaves_recordings_alone(self):
        run, write = self.orphan()
        self.end(run, write)
        before = self.contents(run)
        self.assert_named(self.told(run, "--read-only"))
        self.assertEqual(self.contents(run), before)
        self.app.rename(self.elsewhere)
        self.assert_nameless(self.told(run))

    def test_running_process_is_left_alone(self):
        run, write = self.orphan()
        before = self.contents(run)
        self.handleguard("report", run)
        self.assertEqual(self.contents(run), before)
        os.close(write)

    def test_not_writable(self):
        run, write = self.orphan()
        recording = self.end(run, write)
        before = self.contents(run)
        for path, mode in ((recording, 0o444), (run, 0o755), (run.parent, 0o755), (self.folder, 0o755)):
            path.chmod(mode)
        nobody = {"user": 65534} if os.geteuid() == 0 else {}
        self.assert_named(self.told(run, **nobody))
        self.assertEqual(self.contents(run), before)


class Damaged(NamesTest):
    """Whatever a recording says, who keeps names in it ends, in time, and the recording says the same as before."""

    def damage(self, whole, chance):
        """A few words of those that are in use are others."""
        data = bytearray(whole)
        used = [at for at in range(8, len(data), 4) if any(data[at:at + 4])]
        for _ in range(chance.randint(1, 4)):
            at = chance.choice(used)
            old = int.from_bytes(data[at:at + 4], "little")
            new = chance.choice((0, 1, old ^ 1 << chance.randrange(32), old + 8, 4096, 2**31 - 1, 2**32 - 1))
            data[at:at + 4] = (new % 2**32).to_bytes(4, "little")
        return data

    def test_damaged_recordings(self):
        whole, kept = self.record_alone("twice").read_bytes(), 0
        recording = self.folder / "damaged.hgr"
        for seed in range(30):
            recording.write_bytes(self.damage(whole, random.Random(seed)))
            started = time.monotonic()
            before, first, after = (self.handleguard("report", *options, recording)
                                    for options in (("--read-only",), (), ("--read-only",)))
            with self.subTest(seed=seed):
                self.assertLess(time.monotonic() - started, 30)
                self.assertIn(before.returncode, (0, 1, 2))
                for other in (first, after):
                    self.assertEqual((other.returncode, other.stdout, other.stderr),
                                     (before.returncode, before.stdout, before.stderr))
            kept += recording.stat().st_size > len(whole)
        self.assertGreater(kept, 0)


class Interrupted(NamesTest):
    """Whatever happens while names are kept: the run ends as it would, in time, and its recording is whole."""

    def interrupted(self, how):
        started = time.monotonic()
        run = self.record("twice", "--report", self.folder / "report.txt",
                          env={"LD_PRELOAD": INTERRUPTED, "INTERRUPT": how})
        took = time.monotonic() - started
        report = (self.folder / "report.txt").read_text(encoding="utf-8")
        self.assert_named(report)
        self.app.rename(self.elsewhere)
        text = self.told(run, "--read-only")
        self.elsewhere.rename(self.app)
        for path in (self.folder / "recordings").iterdir():
            path.rename(self.folder / f"run-{time.monotonic()}")
        return text, took

    def test_killed_at_each_write(self):
        """Names count from the last write on, and no later one changes that."""
        named = []
        for number in range(1, 20):
            text, _ = self.interrupted(f"kill {number}")
            named.append("program.c:" in text)
        self.assertFalse(named[0])
        self.assertTrue(named[-1])
        self.assertEqual(named, sorted(named))

    def test_hangs(self):
        text, took = self.interrupted("hang 2")
        self.assert_nameless(text)
        self.assertLess(took, 10)


unittest.main()
