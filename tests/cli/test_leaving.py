"""Programs that give up their user, their root or their environment before their first guarded call: what they did is
recorded all the same."""
import os
import pathlib
import subprocess
import unittest

from support import BIN, SOURCE, CommandLineTest

BOX = SOURCE / "tests/cli/box/box.yaml"
LEAVER = BIN / "cli_box_leaver"


class Leaving(CommandLineTest):
    def assert_recorded(self, *words):
        """Parent and child each freed a box twice, and both are told; the child's and the parent's recording are whole."""
        status, report = self.report("-m", BOX, "--", LEAVER, *words)
        self.assertEqual({finding["kind"] for finding in report["findings"]}, {"repeat-free"})
        self.assertEqual(sum(finding["count"] for finding in report["findings"]), 2)
        self.assertEqual(len(report["recordings"]), 2)
        for recording in report["recordings"]:
            self.assertEqual(os.path.realpath(recording["executable"]), str(LEAVER.resolve()))
            self.assertEqual([name for name, count in recording["counters"].items()
                              if count and ("refused" in name or "unrecorded" in name)], [], recording["counters"])
        self.assertNotEqual(status, 0)
        self.assert_leaves_nothing()

    def test_nothing(self):
        self.assert_recorded()

    def test_environment(self):
        self.assert_recorded("environment")

    @unittest.skipIf(os.getuid() != 0, "only root can become somebody else")
    def test_user(self):
        self.assert_recorded("user")

    @unittest.skipIf(os.getuid() != 0, "only root can become somebody else")
    def test_group(self):
        self.assert_recorded("group")

    @unittest.skipIf(os.getuid() != 0, "only root can have another root")
    def test_root(self):
        empty = self.folder / "empty"
        empty.mkdir()
        self.assert_recorded("root", empty)

    @unittest.skipIf(os.getuid() != 0, "only root can become somebody else")
    def test_user_before_the_recording_grows(self):
        self.assert_recorded("threads", "user")

    @unittest.skipIf(os.getuid() != 0, "only root can have another root")
    def test_root_before_the_recording_grows(self):
        empty = self.folder / "empty"
        empty.mkdir()
        self.assert_recorded("threads", "root", empty)


class OtherProgram(CommandLineTest):
    """A program that another user runs, who cannot reach the folder: its objects can be read, so that it is guarded."""

    @unittest.skipIf(os.getuid() != 0 or subprocess.run(["setpriv", "--reuid=65534", "--clear-groups", LEAVER],
                                                        capture_output=True, check=False).returncode in (126, 127),
                     "only root can become somebody else, and nobody else can reach a program below root's home")
    def test_of_another_user(self):
        made = self.folder / "box.so"
        self.assertEqual(self.handleguard("manifest", "build", BOX, "-o", made).returncode, 0)
        self.folder.chmod(0o755)
        (self.folder / "tmp").chmod(0o700)
        status, report = self.report("-m", made, "--", "setpriv", "--reuid=65534", "--clear-groups", LEAVER)
        self.assertEqual((status, len(report["recordings"]), report["unguarded"]), (97, 2, []))


class Strangers(CommandLineTest):
    """A process that is not of the run and not of the same user is given nothing."""

    @unittest.skipIf(os.getuid() != 0, "only root can become somebody else")
    def test_a_stranger_gets_no_file(self):
        stranger = self.script(f"""#!/usr/bin/env python3
import os, socket, struct
name = os.path.basename(os.environ["FOLDER"])
os.setgroups([]); os.setgid(65534); os.setuid(65534)
asking = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
asking.connect("\\0handleguard/" + name)
asking.send(struct.pack("I252s", 0, b"mine.1.hgr"))
print(struct.unpack("i", asking.recv(4))[0], flush=True)
""", "stranger.py")
        os.chmod(self.folder, 0o755)
        ready, done = self.folder / "ready", self.folder / "done"
        os.mkfifo(ready)
        os.mkfifo(done)
        with subprocess.Popen([BIN / "handleguard", "run", "-m", BOX, "--", "sh", "-c",
                               f'echo "$HANDLEGUARD_OUTPUT" > {ready}; cat {done}'], env=self.environment,
                              stderr=subprocess.PIPE) as run:
            folder = pathlib.Path(ready.read_text(encoding="utf-8").strip())
            result = subprocess.run([stranger], env=self.environment | {"FOLDER": str(folder)}, capture_output=True,
                                    text=True, check=True)
            files = [path.name for path in folder.iterdir()]
            done.write_text("", encoding="utf-8")
            run.communicate()
        self.assertEqual(result.stdout, "1\n")  # EPERM
        self.assertEqual([name for name in files if name.endswith(".hgr")], [])


if __name__ == "__main__":
    unittest.main()
