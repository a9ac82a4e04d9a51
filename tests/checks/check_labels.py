"""Checks that every test of a build says what it is about: its labels (tests/labels.cmake), and a name that begins with one.

Usage: check_labels.py CTEST BUILD_FOLDER
"""
import json
import subprocess
import sys

SPEEDS = {"fast", "slow"}
OTHERS = SPEEDS | {"qemu"}


def faults(name, labels):
    if len(labels & SPEEDS) != 1:
        yield "must have one of the labels fast and slow"
    if not labels - OTHERS:
        yield "has no label that says what it is about"
    if "." not in name or name.split(".")[0] not in labels:
        yield "must be called FOLDER.NAME, after the folder of tests/ that it lies in"
    if {"world", "fast"} <= labels:
        yield "is of the world, and so is slow"


def main():
    ctest, folder = sys.argv[1:]
    told = subprocess.run([ctest, "--test-dir", folder, "--show-only=json-v1"], check=True, capture_output=True, text=True)
    tests = json.loads(told.stdout)["tests"]
    found = []
    for test in tests:
        labels = {label for entry in test["properties"] if entry["name"] == "LABELS" for label in entry["value"]}
        found += [f"{test['name']} {fault}" for fault in faults(test["name"], labels)]
    print("\n".join(found + ["label_tests() at the end of its CMakeLists.txt labels a folder's tests"]) if found
          else f"{len(tests)} tests")
    sys.exit(1 if found or not tests else 0)


main()
