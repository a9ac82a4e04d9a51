"""Calls on small stacks: shrinks the stack below them until they fail, and calls where nothing lies above the caller.

Usage: small_stack.py PROGRAM PRELOAD_OBJECT HANDLEGUARD
"""
import json
import os
import subprocess
import sys
import tempfile

import emulator

SUFFICES = 4096
STEP = 64
EXPECTED = ["late-free", "late-op", "repeat-free"]


def run(folder, program, preload, *arguments):
    """How the program ended, that records into the folder."""
    command, environment = emulator.preload([program, *map(str, arguments)], preload)
    # What the dynamic linker needs to bind a function when it is called is the program's own affair.
    environment = os.environ | environment | {"HANDLEGUARD_OUTPUT": folder, "LD_BIND_NOW": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)


def holds(program, preload, size):
    """Whether calls succeed with so much stack."""
    with tempfile.TemporaryDirectory() as folder:
        return run(folder, program, preload, size).returncode == 0


def fault(what, result):
    """What is wrong with how a program ended."""
    return [f"{what} it ended with {result.returncode}: {result.stdout}{result.stderr}"] if result.returncode else []


def smallest(program, preload):
    """The smallest stack below a call that suffices; none that is smaller does."""
    low, high = 0, 4 * SUFFICES
    while high - low > STEP:
        middle = (low + high) // 2 // STEP * STEP
        low, high = (low, middle) if holds(program, preload, middle) else (middle, high)
    return high


def main():
    program, preload, handleguard = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        faults = fault(f"with {SUFFICES} bytes", run(folder, program, preload, SUFFICES))
        report = subprocess.run([handleguard, "report", "--format=json", folder], capture_output=True, text=True,
                                check=False)
        faults += fault("at the top of a stack", run(folder, program, preload, 0, "top"))
    found = sorted(finding["kind"] for finding in json.loads(report.stdout)["findings"])
    if found != EXPECTED:
        faults.append(f"found {found}, expected {EXPECTED}")
    size = smallest(program, preload)
    if size > SUFFICES:
        faults.append(f"more than {SUFFICES} bytes are needed")
    print(f"{size} bytes below a call suffice", *faults, sep="\n")
    sys.exit(bool(faults))


main()
