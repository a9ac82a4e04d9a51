"""netty's own tests of its TLS (netty-tcnative), as they are published: the same results with guards as without."""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
import zipfile

from support import CommandLineTest

HERE = pathlib.Path(__file__).resolve().parent / "linked_in"
TESTS = ["OpenSslServerContextTest", "OpenSslClientContextTest", "OpenSslKeyMaterialProviderTest", "OpenSslKeyMaterialManagerTest",
         "OpenSslCertificateExceptionTest", "ReferenceCountedOpenSslEngineTest", "SniClientTest", "SslErrorTest",
         "ParameterizedSslHandlerTest", "OpenSslRenegotiateTest"]


def fetch(folder):
    """Where the packages are; the tests unpacked, as they read files beside them. None: they cannot be had."""
    shutil.copy(HERE / "netty.xml", folder / "pom.xml")
    command = ["mvn", "--batch-mode", "--quiet", "dependency:copy-dependencies", f"-DoutputDirectory={folder}/packages"]
    if subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=600).returncode != 0:
        return None
    tests, = (folder / "packages").glob("*-tests.jar")
    with zipfile.ZipFile(tests) as packed:
        packed.extractall(folder / "classes")
    tests.unlink()
    return folder


class Tests(CommandLineTest):
    folder_of_packages = None

    def command(self, results):
        packages = sorted((self.folder_of_packages / "packages").glob("*.jar"))
        console, = (path for path in packages if path.name.startswith("junit-platform-console"))
        path = ":".join(str(each) for each in (self.folder_of_packages / "classes", *packages) if each != console)
        selected = [word for name in TESTS for word in ("-c", f"io.netty.handler.ssl.{name}")]
        return ["java", f"-Djava.io.tmpdir={self.folder}", "-jar", console, "execute", "--disable-banner", "--details=none",
                f"--reports-dir={results}", "-cp", path, *selected]

    def results(self, folder):
        """How each test ended; what it is called may hold an address."""
        told = []
        for path in folder.glob("*.xml"):
            for case in xml.etree.ElementTree.parse(path).iter("testcase"):
                how = sorted({each.tag for each in case} & {"failure", "error", "skipped"})
                told.append((case.get("classname"), re.sub(r"@[0-9a-f]+", "@", case.get("name")), how))
        return sorted(told)

    def test_the_results_are_the_same(self):
        plain, guarded = self.folder / "plain", self.folder / "guarded"
        subprocess.run(self.command(plain), check=False, capture_output=True, timeout=800)
        _, report = self.report("-m", HERE / "tcnative.yaml", "--require-coverage", "--", *self.command(guarded))
        expected = self.results(plain)
        self.assertGreater(sum(not how for _, _, how in expected), 100)
        self.assertEqual(self.results(guarded), expected)
        self.assertEqual([finding for finding in report["findings"] if finding["level"] == "error"], [])
        session, = (each for each in report["recordings"][0]["handles"] if each["class"] == "session")
        self.assertGreater(session["created"], 50)
        self.assertEqual(report["recordings"][0]["counters"]["natives-guarded"], 9)
        print(f"{len(expected)} tests, {session['created']} sessions", file=sys.stderr)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        Tests.folder_of_packages = fetch(pathlib.Path(scratch)) if shutil.which("mvn") and shutil.which("java") else None
        if not Tests.folder_of_packages:
            print("skipped: there is no java, or Maven does not fetch netty")
            sys.exit(77)
        unittest.main()
