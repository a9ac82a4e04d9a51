"""What the tests of names share: a program and its library, built into a folder of their own."""
import pathlib
import re
import subprocess

from support import CommandLineTest

HERE = pathlib.Path(__file__).resolve().parent
MANIFEST = HERE / "net.yaml"


class NamesTest(CommandLineTest):
    def setUp(self):
        super().setUp()
        self.app = self.folder / "app"
        self.build()

    def compile(self, *arguments):
        subprocess.run(["gcc", "-O2", "-Wl,--build-id", *map(str, arguments)], check=True)

    def build(self, *options):
        self.app.mkdir(exist_ok=True)
        self.compile("-g", "-shared", "-fPIC", *options, "-o", self.app / "libnet.so", HERE / "net.c")
        self.compile("-g", *options, "-o", self.app / "program", HERE / "program.c", "-L", self.app, "-lnet",
                     "-Wl,-rpath,$ORIGIN")

    def record(self, what, *options, **keywords):
        """The folder of a run's recordings."""
        output = self.folder / "recordings"
        result = self.handleguard("run", "-m", MANIFEST, "--output", output, *options, "--", self.app / "program", what,
                                  **keywords)
        runs = list(output.iterdir())
        self.assertEqual(len(runs), 1, result.stderr)
        return runs[0]

    def record_alone(self, what):
        """The recording of a process for which nobody waited: it keeps no names yet."""
        preload, output = self.folder / "handleguard-net.so", self.folder / "alone"
        output.mkdir()
        built = self.handleguard("manifest", "build", "-o", preload, MANIFEST)
        self.assertEqual(built.returncode, 0, built.stderr)
        subprocess.run([self.app / "program", what], check=False,
                       env=self.environment | {"LD_PRELOAD": str(preload), "HANDLEGUARD_OUTPUT": str(output)})
        recording, = output.glob("*.hgr")
        return recording

    def told(self, path, *options, **keywords):
        """The report on what is there, without the names of the recordings."""
        result = self.handleguard("report", *options, path, **keywords)
        self.assertIn("finding", result.stdout, result.stderr)
        self.assertEqual(result.stderr, "")
        return self.without_names(result.stdout)

    def without_names(self, report):
        return re.sub(r"^Recording .*$", "Recording", report, flags=re.MULTILINE)

    def build_id(self, path):
        notes = subprocess.run(["readelf", "-n", path], capture_output=True, text=True, check=True).stdout
        return re.search(r"Build ID: ([0-9a-f]+)", notes)[1]

    def separate(self, path):
        """Moves the debugging information of an object into a folder, under its build id; the folder."""
        folder, build_id = self.folder / "debug", self.build_id(path)
        file = folder / ".build-id" / build_id[:2] / f"{build_id[2:]}.debug"
        file.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["objcopy", "--only-keep-debug", path, file], check=True)
        subprocess.run(["strip", path], check=True)
        return folder

    def contents(self, path):
        return {each: each.read_bytes() for each in path.glob("*.hgr")}

    def assert_named(self, text):
        """The lines of the program, and of what is inlined there, are told."""
        for name in ("close_again at", "close_both at", "main at"):
            self.assertRegex(text, f"{name} {re.escape(str(HERE))}/program.c:[0-9]+")

    def assert_nameless(self, text):
        self.assertNotIn("program.c:", text)

    @property
    def elsewhere(self):
        """A place to which what was built can be moved away."""
        return self.folder / "elsewhere"
