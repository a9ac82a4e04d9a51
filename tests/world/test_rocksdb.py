"""RocksDB's binding for Java as it is published: the manifest of the shelf, and programs that use it well and badly."""
import pathlib
import shutil
import subprocess
import sys
import unittest
import zipfile

from support import CommandLineTest

HERE = pathlib.Path(__file__).resolve().parent / "rocks"
VERSIONS = ["7.10.2", "9.10.0", "10.2.1"]


def fetch(version):
    """The package's file, or None."""
    command = ["mvn", "--batch-mode", "--quiet", "dependency:get", f"-Dartifact=org.rocksdb:rocksdbjni:{version}", "-Dtransitive=false"]
    if subprocess.run(command, capture_output=True, check=False, timeout=300).returncode != 0:
        return None
    return pathlib.Path.home() / ".m2/repository/org/rocksdb/rocksdbjni" / version / f"rocksdbjni-{version}.jar"


def told(finding):
    call = finding["call"] or finding["free"]
    functions = [call["function"], *(op["function"] for op in finding["in_flight"])]
    return " ".join([finding["kind"], *(name.removeprefix("Java_org_rocksdb_") for name in functions)])


class RocksDb(CommandLineTest):
    packages = []

    def run_it(self, package, what):
        data = self.folder / what
        data.mkdir()
        subprocess.run(["javac", "-nowarn", "-d", self.folder, "-cp", package, HERE / "Rocks.java"], check=True, capture_output=True)
        return self.report("-m", "rocksdbjni", "--deadline=100", "--fail-on=note", "--", "java", f"-Djava.io.tmpdir={self.folder}",
                           "-cp", f"{package}:{self.folder}", "Rocks", data, what)

    def test_the_manifest_fits(self):
        for version, package in zip(VERSIONS, self.packages):
            with self.subTest(version):
                with zipfile.ZipFile(package) as archive:
                    library = archive.extract("librocksdbjni-linux64.so", self.folder / version)
                result = self.handleguard("manifest", "check", "rocksdbjni", "--library", library)
                self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))

    def test_a_correct_program_is_silent(self):
        status, report = self.run_it(self.packages[1], "quiet")
        self.assertEqual((status, report["findings"]), (0, []))
        handles = {each["class"]: each for each in report["recordings"][0]["handles"]}
        for name, created in (("db", 12), ("column_family", 12), ("iterator", 609), ("transaction", 12), ("write_batch", 603)):
            self.assertEqual((handles[name]["created"], handles[name]["adopted"], handles[name]["freed"]), (created, 0, created))

    def test_an_iterator_that_is_closed_while_it_seeks(self):
        status, report = self.run_it(self.packages[1], "iterator")
        self.assertEqual(status, 97)
        self.assertEqual(sorted(map(told, report["findings"])),
                         ["drain-timeout RocksIterator_disposeInternalJni RocksIterator_seek0Jni",
                          "freed-late RocksIterator_disposeInternalJni", "late-op RocksIterator_isValid0Jni"])

    def test_a_database_that_is_closed_while_another_thread_reads_it(self):
        status, report = self.run_it(self.packages[1], "database")
        self.assertEqual(status, 97)
        self.assertEqual(sorted(map(told, report["findings"])),
                         ["drain-timeout RocksDB_closeDatabase RocksDB_get__J_3BII", "freed-late RocksDB_closeDatabase",
                          "late-op RocksIterator_isValid0Jni", "repeat-free RocksDB_disposeInternalJni"])


if __name__ == "__main__":
    RocksDb.packages = [fetch(version) for version in VERSIONS] if shutil.which("mvn") and shutil.which("javac") else [None]
    if None in RocksDb.packages:
        print("skipped: there is no javac, or Maven does not fetch RocksDB's package")
        sys.exit(77)
    unittest.main()
