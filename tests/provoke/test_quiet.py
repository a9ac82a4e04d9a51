"""Runs every program of the scenarios and of the reference systems that must be silent, or whose variant must, once more with
calls held back: still nothing is told. Their tests say how each is run.

Usage: test_quiet.py BUILD_FOLDER
"""
import json
import os
import pathlib
import subprocess
import sys

# What cannot be held: these wait until a thread sleeps in a free, and a thread that is held sleeps as well.
GATED = "await_drain("


def commands(build):
    """By the test's name."""
    listed = subprocess.run(["ctest", "--test-dir", build, "--show-only=json-v1", "-R", r"^(scenario|reference|caller)\."],
                            capture_output=True, text=True, check=True).stdout
    return {test["name"]: test["command"] for test in json.loads(listed)["tests"] if "command" in test}


def is_meant(command):
    """Whether run.py runs it, with a source that waits for nobody's sleep."""
    sources = [part for part in command if part.endswith(".c")]
    return any(part.endswith("/support/run.py") for part in command) and len(sources) == 1 and \
        GATED not in pathlib.Path(sources[0]).read_text(encoding="utf-8")


def main():
    count, faults = 0, []
    for name, command in commands(sys.argv[1]).items():
        if not is_meant(command):
            continue
        count += 1
        result = subprocess.run(command, env=os.environ | {"SCENARIO_PROVOKED": "1"}, capture_output=True, text=True,
                                timeout=300, check=False)
        if result.returncode != 0:
            faults.append(f"{name}:\n{result.stdout}{result.stderr}")
    print("\n".join(faults) or f"{count} programs, nothing told")
    sys.exit(1 if faults or count < 100 else 0)


if __name__ == "__main__":
    main()
