#!/usr/bin/env python3
"""The checker of the fast path must be able to fail: trampolines with one fault each, and two without.

Usage: test_check_fast_path.py COMPILER
"""
import os
import subprocess
import sys
import tempfile

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check_fast_path.py")
TEST = "cmp %rax, (%rbx); jne fast_exits; "
FENCE = "lock orl $0, (%rsp); "
REAL = "call *%r11; "

# What the checker must say of a trampoline, its name, and its code.
CASES = (
    ("", "fast_rdi_0_0_0", TEST * 6 + REAL + TEST * 3 + "ret"),
    ("", "fast_rdi_0_0_1", TEST * 5 + FENCE + TEST + REAL + TEST * 2 + FENCE + TEST + "ret"),
    ("", "fast_rdi_0_0_2", TEST * 5 + FENCE + TEST * 2 + REAL + TEST * 5 + "ret"),
    ("test real test test test return\n", "fast_rdi_0_0_2", TEST * 5 + FENCE + TEST * 2 + REAL + TEST * 3 + "ret"),
    ("", "fast_rdi_0_1_0", TEST * 7 + REAL + TEST * 3 + "ret"),
    ("test real test test test return\n", "fast_rdi_0_1_0", TEST * 6 + REAL + TEST * 3 + "ret"),
    ("test real test test test return\n", "fast_rdi_0_0_0", TEST * 7 + REAL + TEST * 3 + "ret"),
    ("real test test return\n", "fast_rdi_0_0_0", TEST * 6 + REAL + TEST * 2 + "ret"),
    ("fence test real", "fast_rdi_0_0_0", TEST * 5 + FENCE + TEST + REAL + TEST * 3 + "ret"),
    ("test test real", "fast_rdi_0_0_1", TEST * 6 + REAL + TEST * 2 + FENCE + TEST + "ret"),
    ("test fence real", "fast_rdi_0_0_1", TEST * 6 + FENCE + REAL + TEST * 2 + FENCE + TEST + "ret"),
    ("real call test", "fast_rdi_0_0_0", TEST * 6 + REAL + "call fast_exits; " + TEST * 3 + "ret"),
    ("0 fast trampolines", "slow", "ret"),
)


def said_of(name, code, folder, compiler):
    library = os.path.join(folder, "library.so")
    source = f".text\n{name}: {code}\nfast_exits: ret\n.section .note.GNU-stack\n"
    subprocess.run([compiler, "-shared", "-xassembler", "-", "-o", library], input=source, text=True, check=True)
    result = subprocess.run([sys.executable, CHECKER, library], capture_output=True, text=True, check=False)
    return result.returncode, result.stdout


def main():
    failed = False
    with tempfile.TemporaryDirectory(prefix="handleguard-fast-path-") as folder:
        for expected, name, code in CASES:
            status, said = said_of(name, code, folder, sys.argv[1])
            if status != bool(expected) or expected not in said:
                print(f"{name}: {code!r}: ended with {status} and said {said!r}")
                failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
