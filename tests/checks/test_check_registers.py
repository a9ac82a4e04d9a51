#!/usr/bin/env python3
"""The checker of registers must be able to fail: libraries with one fault each, and one without.

Usage: test_check_registers.py COMPILER
"""
import os
import re
import subprocess
import sys
import tempfile

CHECKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "check_registers.py")

SOURCE = """
#include <errno.h>
#include <string.h>
#define HOOK __attribute__((noinline, visibility("default")))
volatile double number;
char text[100];
HOOK void hg_preserving(void (*work)(void *), void *argument) {{ work(argument); }}
static __attribute__((noinline)) void saved(void *to) {{ number = number * 2; memset(to, 0, sizeof text); }}
static __attribute__((noinline, unused)) void vector(void *unused) {{ number = number * 3; (void)unused; }}
typedef void callback(void *);
HOOK __attribute__((target("general-regs-only"))) void hg_guard_left(callback *call) {{ if (call) call(0); }}
HOOK void hg_call_enter(void) {{ hg_preserving(saved, text); errno = 1; }}
HOOK void hg_call_leave(void) {{ {body}; __asm__ volatile(""); }}
HOOK void hg_provoked_enter(void) {{ hg_call_enter(); __asm__ volatile(""); }}
HOOK void hg_provoked_leave(void) {{ hg_call_enter(); __asm__ volatile(""); }}
HOOK void hg_fast_leave(void) {{ hg_guard_left(0); __asm__ volatile(""); }}
HOOK void hg_fast_leave_alone(void) {{ }}
HOOK int hg_remember_again(void) {{ return 0; }}
HOOK unsigned hg_read_xsave_size(void) {{ return 0; }}
HOOK unsigned long hg_work_stack_take(void) {{ return 0; }}
HOOK void hg_work_stack_give(void) {{ }}
HOOK unsigned long hg_stack_arguments(void) {{ return 0; }}
"""

CASES = {
    "nothing": ("(void)0", None),
    "a vector instruction in a callee": ("vector(0)", "hg_call_leave > vector"),
    # A compiler may make a copy of the function for this callback.
    "a callback with one": ("hg_guard_left(vector)", r"hg_call_leave > (hg_guard_left\.\S+ > )?vector"),
    "a call of libc": ("memset(text, (int)(long)&text, sizeof text)", "calls memset"),
    "work that is also called directly": ("saved(text)", "hg_call_leave > saved"),
}


def check(compiler, folder, body):
    source, library = os.path.join(folder, "case.c"), os.path.join(folder, "case.so")
    with open(source, "w", encoding="ascii") as file:
        file.write(SOURCE.format(body=body))
    subprocess.run([compiler, "-O1", "-fno-builtin", "-fno-inline", "-shared", "-fPIC", "-Wl,-Bsymbolic", "-o", library,
                    source], check=True)
    return subprocess.run([sys.executable, CHECKER, library], capture_output=True, text=True)


def main():
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, (body, expected) in CASES.items():
            told = check(sys.argv[1], folder, body)
            right = told.returncode == 1 and re.search(expected, told.stdout) if expected else told.returncode == 0
            if not right:
                faults += 1
                print(f"{name}: expected {expected!r}, status {told.returncode}:\n{told.stdout}{told.stderr}")
    sys.exit(1 if faults else 0)


main()
