#!/usr/bin/env python3
"""The checker of the footprint must be able to fail: libraries with one fault each, and one without.

Usage: test_check_footprint.py COMPILER
"""
import os
import subprocess
import sys
import tempfile

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check_footprint.py")

# What the checker must say of a library, its source, and the options it is built with.
CASES = (
    ("", "_Thread_local int a; int *f(void) { return &a; }", ["-ftls-model=initial-exec"]),
    ("has 2048 bytes", "_Thread_local char a[2048]; char *f(void) { return a; }", ["-ftls-model=initial-exec"]),
    ("reaches thread-local storage", "_Thread_local int a; int *f(void) { return &a; }", ["-ftls-model=global-dynamic"]),
    ("needs libm.so.6", "double cos(double); double f(double x) { return cos(x); }", ["-lm"]),
    ("is linked with an unwinder: _Unwind_GetIP", "unsigned long _Unwind_GetIP(void *); unsigned long f(void *x) "
     "{ return _Unwind_GetIP(x); }", []),
)


def said_of(source, options, folder, compiler):
    library = os.path.join(folder, "library.so")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-xc", "-", "-o", library, *options], input=source, text=True,
                   check=True)
    result = subprocess.run([sys.executable, CHECKER, library], capture_output=True, text=True, check=False)
    return result.returncode, result.stdout


def main():
    failed = False
    with tempfile.TemporaryDirectory(prefix="handleguard-footprint-") as folder:
        for expected, source, options in CASES:
            status, said = said_of(source, options, folder, sys.argv[1])
            if status != bool(expected) or expected not in said:
                print(f"{source!r}, built with {options}: ended with {status} and said {said!r}")
                failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
