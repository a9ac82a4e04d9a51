"""The frames of goroutines on 64-bit Arm, held against what the Go runtime tells of them.

Usage: go_frames.py HANDLEGUARD PRELOAD_OBJECT LIBRARY_FOLDER C_COMPILER EMULATOR...
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "tests/languages"))
import go_truth  # noqa: E402


def build(program, libraries, compiler):
    flags = {"GOARCH": "arm64", "CGO_ENABLED": "1", "CC": compiler, "GOFLAGS": "-mod=mod -buildvcs=false",
             "CGO_CFLAGS": f"-I{SOURCE / 'tests/support/libgate'}", "CGO_LDFLAGS": f"-L{libraries} -lgate"}
    subprocess.run(["go", "build", "-o", program, SOURCE / "tests/languages/go/frames.go"], check=True, env=os.environ | flags)


def record(program, folder, preload, libraries, emulator):
    """What the program wrote."""
    at = next(i for i, word in enumerate(emulator) if word.startswith("LD_LIBRARY_PATH="))
    words = [*emulator[:at], f"{emulator[at]}:{libraries}", *emulator[at + 1:]]
    for setting in f"LD_PRELOAD={preload}", f"HANDLEGUARD_OUTPUT={folder}", "HANDLEGUARD_DRAIN=defer":
        words += ["-E", setting]
    return subprocess.run([*words, program], check=True, capture_output=True, text=True, timeout=300).stdout


def main():
    handleguard, preload, libraries, compiler, *emulator = sys.argv[1:]
    if not shutil.which("go"):
        print("There is no Go compiler.")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "frames"
        build(program, libraries, compiler)
        out = record(program, folder, preload, libraries, emulator)
        recording, = pathlib.Path(folder).glob("*.hgr")
        told = subprocess.run([handleguard, "report", "--format=json", recording], capture_output=True, text=True, check=False)
        faults = go_truth.differences(json.loads(told.stdout), out)
    print("\n".join(faults) or "the same as the runtime tells")
    sys.exit(bool(faults))


main()
