"""Libraries of other languages, and other allocators, under a quarantine.

Usage: test_quarantine.py PROGRAM PRELOAD_OBJECT HANDLEGUARD KINDS AGAIN [ALLOCATOR]

The program is late.c with one library that has that many kinds of parcels, the first of which, AGAIN in number, would get the
same memory again at once."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

PROGRAM, PRELOAD, HANDLEGUARD, KINDS, AGAIN, *ALLOCATOR = sys.argv[1:]


def run(word, kinds, preload, environment):
    """What the program's only recording tells; it must end well."""
    with tempfile.TemporaryDirectory() as folder:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
        result = subprocess.run([PROGRAM, word, str(kinds)], capture_output=True, text=True, timeout=300, check=False,
                                env=clean | {"LD_PRELOAD": ":".join(preload), "HANDLEGUARD_OUTPUT": folder} | environment)
        if result.returncode or result.stderr:
            sys.exit(f"{word} {preload}: ended with {result.returncode}: {result.stdout}{result.stderr}")
        files = list(pathlib.Path(folder).glob("*.hgr"))
        told = subprocess.run([HANDLEGUARD, "report", "--format", "json", *files], capture_output=True, text=True,
                              timeout=300, check=False)
        return json.loads(told.stdout)


def check(word, kinds, preload, environment):
    """Apart: of each kind both parcels are held back, and the late op is told. Again: nothing of that."""
    told = run(word, kinds, preload, environment)
    kinds = kinds if word == "apart" else 0
    found = told["recordings"][0]["counters"]["quarantine-held"], \
        [(finding["kind"], finding["count"]) for finding in told["findings"]]
    expected = 2 * kinds, [("late-op", kinds)] if kinds else []
    if found != expected:
        sys.exit(f"{word} {preload} {environment}: found {found}, expected {expected}")


check("apart", int(KINDS), [PRELOAD, *ALLOCATOR], {})
check("again", int(AGAIN), [PRELOAD, *ALLOCATOR], {"HANDLEGUARD_QUARANTINE_BLOCKS": "0"})
check("again", int(AGAIN), [PRELOAD, *ALLOCATOR], {"HANDLEGUARD_MODE": "observe"})
if ALLOCATOR:
    # Its own free comes first: the quarantine is without effect, and nothing is lost.
    check("again", int(AGAIN), [*ALLOCATOR, PRELOAD], {})
