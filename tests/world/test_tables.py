"""Functions that real libraries hand out in tables: PKCS #11 (SoftHSM), and SQLite's, which extensions are given, of an SQLite
that is hidden in its binding (apsw, from PyPI)."""
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import unittest

from support import BIN, CommandLineTest

HERE = pathlib.Path(__file__).resolve().parent / "tables"
PROGRAM = BIN / "world_pkcs11"
MODULE = pathlib.Path("/usr/lib/softhsm/libsofthsm2.so")
SESSIONS = 207  # of the program that uses them well, not counting its child's
APSW = "apsw==3.*"
COUNT = """
import sys
import apsw
connection = apsw.Connection(":memory:")
connection.enable_load_extension(True)
connection.load_extension(sys.argv[1])
assert [list(connection.execute("SELECT count_rows('SELECT 1 UNION SELECT 2')")) for _ in range(100)] == [[(2,)]] * 100
if sys.argv[2:]:
    assert list(connection.execute("SELECT late_rows()")) == [(21,)]
"""


def told(finding):
    call = finding["call"] or finding["free"]
    return " ".join([finding["kind"], call["function"], *(op["function"] for op in finding["in_flight"])])


def hide(module, exported, path):
    """A copy of the module that exports this function alone, as most modules do: of the others it binds the names itself."""
    data = bytearray(module.read_bytes())
    table, = struct.unpack_from("<Q", data, 40)
    size, count = struct.unpack_from("<HH", data, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", data, table + i * size) for i in range(count)]
    symbols = next(section for section in sections if section[1] == 11)
    names = sections[symbols[6]][4]
    for at in range(symbols[4] + 24, symbols[4] + symbols[5], 24):
        name, info, other, section = struct.unpack_from("<IBBH", data, at)
        text = data[names + name:data.index(0, names + name)].decode()
        if section and text.startswith("C_") and text != exported:
            struct.pack_into("<BB", data, at + 4, info, (other & ~3) | 2)
    path.write_bytes(data)


class Tables(CommandLineTest):
    def coverage(self, recording):
        return ({entry["function"]: entry for entry in recording["coverage"]},
                {handles["class"]: handles for handles in recording["handles"]})


class Pkcs11(Tables):
    def setUp(self):
        super().setUp()
        (self.folder / "tokens").mkdir()
        configuration = self.folder / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {self.folder / 'tokens'}\nlibrary.reset_on_fork = true\n", encoding="utf-8")
        self.environment["SOFTHSM2_CONF"] = str(configuration)
        self.hidden = self.folder / MODULE.name
        hide(MODULE, "C_GetFunctionList", self.hidden)

    def run_it(self, module, what):
        return self.report("-m", "pkcs11", "--deadline=100", "--fail-on=note", "--", PROGRAM, module, what)

    def test_sessions_are_counted_and_nothing_is_found(self):
        for module, by_table in (MODULE, False), (self.hidden, True):
            with self.subTest(module):
                status, report = self.run_it(module, "quiet")
                self.assertEqual((status, report["findings"]), (0, []))
                for recording, sessions, calls in zip(report["recordings"], (SESSIONS, 1), (SESSIONS - 3, 1)):
                    functions, handles = self.coverage(recording)
                    self.assertEqual((handles["session"]["created"], handles["session"]["freed"]), (sessions, sessions))
                    self.assertEqual(handles["session"]["adopted"], 0)
                    self.assertEqual(functions["C_DigestUpdate"]["calls"], calls)
                    self.assertEqual({entry["by_table"] for name, entry in functions.items()
                                      if entry["calls"] and name != "C_GetFunctionList"}, {by_table})

    def test_sessions_that_are_ended_while_another_thread_is_in_them(self):
        for module in MODULE, self.hidden:
            with self.subTest(module):
                status, report = self.run_it(module, "race")
                self.assertEqual(status, 97)
                self.assertEqual(sorted(map(told, report["findings"])),
                                 ["drain-timeout C_CloseAllSessions C_GetSessionInfo",
                                  "drain-timeout C_CloseSession C_GetSessionInfo", "drain-timeout C_Finalize C_GetTokenInfo",
                                  "freed-late C_CloseSession", "inherited C_CloseSession", "late-op C_GetSessionInfo",
                                  "overlap C_GetSessionInfo C_GetSessionInfo", "repeat-free C_CloseSession"])

    def test_the_manifest_fits_the_module(self):
        result = self.handleguard("manifest", "check", "pkcs11", "--library", MODULE, "--header", "p11-kit/pkcs11.h", "--",
                                  "-I/usr/include/p11-kit-1")
        self.assertEqual((result.stdout, result.stderr, result.returncode), ("", "", 0))


class Sqlite(Tables):
    """The binding has no symbol table: what it calls itself is out of sight."""

    def setUp(self):
        super().setUp()
        environment = self.folder / "environment"
        subprocess.run(["/usr/bin/python3", "-m", "venv", environment], check=True, capture_output=True)
        subprocess.run([environment / "bin/pip", "install", "--quiet", "--only-binary=:all:", APSW], check=True, capture_output=True,
                       env=self.environment | {"HOME": os.environ["HOME"]})
        (binding,) = environment.glob("lib/python*/site-packages/apsw/__init__*.so")
        subprocess.run(["strip", binding], check=True)
        extension = self.folder / "counting.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", extension, HERE / "counting.c"], check=True)
        self.command = ["-m", HERE / "extension.yaml", "--", environment / "bin/python", "-c", COUNT, extension]

    def test_statements_of_an_extension_are_counted(self):
        status, report = self.report(*self.command)
        self.assertEqual((status, report["findings"]), (0, []))
        functions, handles = self.coverage(report["recordings"][0])
        statements = handles["stmt"]
        self.assertEqual((statements["created"], statements["adopted"], statements["freed"]), (100, 0, 100))
        self.assertEqual((functions["sqlite3_step"]["calls"], functions["sqlite3_step"]["by_table"]), (300, True))

    def test_a_late_step_of_an_extension(self):
        status, report = self.report(*self.command, "late")
        self.assertEqual((status, list(map(told, report["findings"]))), (97, ["late-op sqlite3_step"]))


if __name__ == "__main__":
    venv = subprocess.run(["/usr/bin/python3", "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode == 0
    if not (venv and MODULE.exists() and PROGRAM.exists() and shutil.which("cc") and os.uname().machine == "x86_64"):
        print("skipped: scripts/install-deps world installs SoftHSM, p11-kit's headers and what makes virtual environments of "
              "Python's, and the programs must be built anew; on x86-64")
        sys.exit(77)
    unittest.main()
