"""The default build of go-sqlite3 for 64-bit Arm, which has its library linked in and hidden: every statement of a correct
program is guarded, and nothing is told.

Usage: linked_in.py HANDLEGUARD C_COMPILER EMULATOR...
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SQLITE = "github.com/mattn/go-sqlite3@v1.14.53"
STATEMENTS = 202  # one that creates, two hundred that insert, one that sums up


def build(compiler, folder):
    shutil.copy(SOURCE / "tests/aarch64/linked_in.go", folder / "main.go")
    environment = os.environ | {"GOFLAGS": "-mod=mod -buildvcs=false", "GOTOOLCHAIN": "local"}
    for words in ("mod", "init", "linked"), ("get", SQLITE):
        subprocess.run(["go", *words], check=True, capture_output=True, cwd=folder, env=environment)
    machine = {"GOARCH": "arm64", "CGO_ENABLED": "1", "CC": compiler}
    subprocess.run(["go", "build", "-o", "program", "."], check=True, cwd=folder, env=environment | machine)


def main():
    handleguard, compiler, *emulator = sys.argv[1:]
    if not shutil.which("go"):
        print("There is no Go compiler.")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        build(compiler, folder)
        preload = folder / "preload.so"
        subprocess.run([handleguard, "manifest", "build", "--machine=aarch64", f"--output={preload}",
                        SOURCE / "tools/manifests/sqlite3.yaml"], check=True)
        words = [word for setting in (f"LD_PRELOAD={preload}", f"HANDLEGUARD_OUTPUT={folder}") for word in ("-E", setting)]
        out = subprocess.run([*emulator, *words, folder / "program"], check=True, capture_output=True, text=True, timeout=300).stdout
        recording, = folder.glob("*.hgr")
        told = subprocess.run([handleguard, "report", "--format=json", recording], capture_output=True, text=True, check=False)
        report = json.loads(told.stdout)
    record = report["recordings"][0]
    counts = {each["class"]: (each["created"], each["adopted"], each["freed"]) for each in record["handles"]}
    found = (out, report["findings"], counts["db"], counts["stmt"], record["counters"]["references-left"])
    print(found)
    sys.exit(found != ("4900\n", [], (1, 0, 1), (STATEMENTS, 0, STATEMENTS), 0))


main()
