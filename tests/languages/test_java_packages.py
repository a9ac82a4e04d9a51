"""Java with packages that Maven fetches: tests of JUnit 5 and 4 are named on each side of a finding, and calls through JNA
have the lines of those who call JNA."""
import json
import pathlib
import shutil
import subprocess
import sys
import unittest

import languages
import support
import test_java

HERE = languages.HERE / "java"
PACKAGES = ("org.junit.platform:junit-platform-console-standalone:1.10.2", "junit:junit:4.13.2", "org.hamcrest:hamcrest-core:1.3",
            "net.java.dev.jna:jna:5.14.0")


def fetch(package):
    """The package's file, or None."""
    if not shutil.which("mvn"):
        return None
    command = ["mvn", "--batch-mode", "--quiet", "dependency:get", f"-Dartifact={package}", "-Dtransitive=false"]
    if subprocess.run(command, capture_output=True, check=False, timeout=300).returncode != 0:
        return None
    group, artifact, version = package.split(":")
    return pathlib.Path.home() / ".m2/repository" / group.replace(".", "/") / artifact / version / f"{artifact}-{version}.jar"


class JavaPackages(languages.LanguageTest):
    maxDiff = None
    packages = []

    def setUp(self):
        super().setUp()
        self.environment["LD_LIBRARY_PATH"] = str(languages.GATE)
        test_java.compile_programs(self)
        self.path = ":".join(str(path) for path in (self.folder, *self.packages))

    def compile(self, folder):
        self.build(test_java.JAVA / "bin/javac", "-nowarn", "-cp", self.path, "-d", self.folder, *(HERE / folder).glob("*.java"))

    def told(self, *command):
        report = self.folder / "report.json"
        result = self.handleguard("run", "-m", languages.MANIFEST, "--drain=defer", "--error-exitcode=0", "--format=json",
                                  "--report", report, "--", test_java.JAVA / "bin/java",
                                  f"-Djava.library.path={self.folder}", *command)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return json.loads(report.read_text(encoding="utf-8"))["findings"]

    def test_junit(self):
        self.compile("junit")
        console, *_ = self.packages
        findings = self.told("-jar", console, "execute", "--class-path", self.path, "--select-class=Junit5Test",
                             "--select-class=Junit4Test", "--include-engine=junit-jupiter", "--include-engine=junit-vintage",
                             "--disable-banner")
        tests = {(finding["call"]["test"], finding["call"]["test_is_sure"]) for finding in findings}
        self.assertEqual(tests, {("Junit5Test.plain", True), ("Junit5Test.inHelper", True), ("Junit5Test.withParameter", True),
                                 ("Junit5Test$Inner.nested", True), ("Junit4Test.old", True),
                                 ("Junit4Test.onThreadOfItsOwn", True)})
        creates = {finding["create"]["test"] for finding in findings}
        self.assertEqual(creates, {"Junit5Test.prepare", "Junit4Test.prepare"})

    def test_jna(self):
        self.compile("jna")
        finding, = self.told("-cp", self.path, "Jna")
        op, = finding["in_flight"]
        innermost = [next(frame for frame in call["frames"] if not frame["function"].startswith("com.sun.jna"))
                     for call in (finding["call"], finding["create"], op)]
        lines = (HERE / "jna/Jna.java").read_text(encoding="utf-8").splitlines()
        expected = [("Jna." + method, "Jna.java", next(i for i, line in enumerate(lines, 1) if f"LIBRARY.{native}(" in line))
                    for method, native in (("close", "gate_close"), ("open", "gate_open"), ("receive", "gate_wait"))]
        self.assertEqual([(frame["function"], frame["file"], frame["line"]) for frame in innermost], expected)

    def project(self, tests, description):
        """A folder as Maven and Gradle want it, with one class of tests."""
        project = self.folder / "project"
        for part, names in ("main", ["Gate.java"]), ("test", [f"junit/{tests}.java", "junit/Waiter.java"]):
            folder = project / "src" / part / "java"
            folder.mkdir(parents=True)
            for name in names:
                shutil.copy(HERE / name, folder)
        shutil.copy(HERE / description, project)
        return project

    def named_by_findings(self, project, *command):
        """Of a build whose tests pass: the tests of which something was found, and what the build said."""
        report = self.folder / "report.json"
        result = subprocess.run([support.PROGRAM, "run", "-m", languages.MANIFEST, "--drain=defer", f"--report=json:{report}", "--",
                                 *command], cwd=project, env=self.environment, capture_output=True, text=True, timeout=300, check=False)
        self.assertEqual(result.returncode, 97, result.stdout + result.stderr)
        findings = json.loads(report.read_text(encoding="utf-8"))["findings"]
        return {finding["call"]["test"] for finding in findings}, result.stdout

    def test_maven(self):
        """The VMs that surefire forks inherit the guards of Maven."""
        self.environment["MAVEN_OPTS"] = f"-Duser.home={pathlib.Path.home()}"  # where it keeps what it has fetched
        tests, said = self.named_by_findings(self.project("Junit5Test", "pom.xml"), "mvn", "--batch-mode",
                                             f"-Dnatives={self.folder}", "test")
        self.assertIn("Tests run: 4, Failures: 0, Errors: 0", said)
        self.assertEqual(tests, {"Junit5Test.plain", "Junit5Test.inHelper", "Junit5Test.withParameter", "Junit5Test$Inner.nested"})

    def test_gradle(self):
        """So do those that Gradle forks, where it is not a daemon from before that does."""
        if not shutil.which("gradle"):
            self.skipTest("gradle is not installed")
        tests, said = self.named_by_findings(
            self.project("Junit4Test", "build.gradle"), "gradle", "--no-daemon", "--offline", f"-Pnatives={self.folder}",
            f"-Dmaven.repo.local={pathlib.Path.home()}/.m2/repository", "test")
        self.assertEqual(said.count(" PASSED"), 2, said)
        self.assertEqual(tests, {"Junit4Test.old", "Junit4Test.onThreadOfItsOwn"})


if __name__ == "__main__":
    JavaPackages.packages = [fetch(package) for package in PACKAGES]
    if None in JavaPackages.packages:
        print(f"skipped: Maven does not fetch {PACKAGES[JavaPackages.packages.index(None)]}")
        sys.exit(77)
    unittest.main()
