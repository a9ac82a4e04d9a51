"""Calls that are led through guards at link time on 64-bit Arm: a library's own calls stay its own, the program's are counted.

Usage: linked.py HANDLEGUARD C_COMPILER ARCHIVER EMULATOR...
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[1] / "languages/link"
MANIFEST = SOURCE / "pump.yaml"
CALLS = {"pump_open": 20, "pump_start": 20, "pump_push": 20, "pump_flush": 0, "pump_close": 20}


def build(handleguard, compiler, archiver, folder):
    """The program, and the object that is preloaded under it."""
    environment = os.environ | {"CC": compiler, "AR": archiver}
    subprocess.run([handleguard, "manifest", "link", MANIFEST, "-o", folder], check=True, env=environment)
    sources = [SOURCE / f"{name}.c" for name in ("pumping", "pump", "push")]
    subprocess.run([compiler, "-O2", f"-I{SOURCE}", f"-Wl,@{folder}/pump.link", "-o", folder / "pumping", *sources,
                    folder / "libhandleguard-pump.a", "-lpthread"], check=True)
    subprocess.run([handleguard, "manifest", "build", "--machine=aarch64", f"--output={folder}/pump-preload.so", MANIFEST],
                   check=True)
    return folder / "pumping", folder / "pump-preload.so"


def main():
    handleguard, compiler, archiver, *emulator = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        program, preload = build(handleguard, compiler, archiver, folder)
        settings = f"LD_PRELOAD={preload}", f"HANDLEGUARD_OUTPUT={folder}"
        words = [word for setting in settings for word in ("-E", setting)]
        subprocess.run([*emulator, *words, program], check=True, timeout=300)
        recording, = folder.glob("*.hgr")
        told = subprocess.run([handleguard, "report", "--format=json", recording], capture_output=True, text=True, check=False)
        report = json.loads(told.stdout)
    calls = {each["function"]: each["calls"] for each in report["recordings"][0]["coverage"]}
    print(calls, [finding["kind"] for finding in report["findings"]])
    sys.exit(calls != CALLS or bool(report["findings"]))


main()
