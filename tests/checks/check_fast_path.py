#!/usr/bin/env python3
"""Checks, in the machine code of libhandleguard.so, that the fast path of an op has one shape on every processor.

That is the way through a fast trampoline on which no test sends the call elsewhere: six tests, the real function, three
tests, the return. No other function is called. No instruction is an atomic read-modify-write or orders a store before later
loads, but in the trampolines for kernels without membarrier (named fast_*_1): there one fence stands before the real function
and one after it. The way past stack arguments is followed for functions that have none; the usual number of them is handed on after
one more test, whether they lie in one page. Where ops must not overlap (fast_*_2), one fence stands before the real function, and
one more test, and two more after it.

Usage: check_fast_path.py LIBHANDLEGUARD [OBJDUMP]
"""
import re
import subprocess
import sys

NAME = re.compile(r"^[0-9a-f]+ <(fast_[a-z]+\d?_.*_([012]))>:$")
INSTRUCTION = re.compile(r"^\s*[0-9a-f]+:\t(\S+)\s*(.*)$")
# What an instruction counts as: the first that fits. Of x86-64, then of 64-bit Arm; ccmp tests on behalf of the branch after it.
KINDS = (
    ("real", re.compile(r"call +\*|blr ")),
    ("call", re.compile(r"call |bl ")),
    ("return", re.compile(r"ret\b")),
    ("jump", re.compile(r"jmp |b |br ")),
    ("test", re.compile(r"j[a-z]+ |b\.[a-z]+ |cbn?z |tbn?z |ccmp ")),
    ("fence", re.compile(r"lock |mfence|xchg |dmb\s+(ish|sy|osh)$|dsb ")),
    ("atomic", re.compile(r"(ld|st)(a|l)?x(r|p)|(cas|swp|ld(add|clr|eor|set|[su](max|min)))[a-z]* ")),
)


def trampolines(path, objdump):
    """(name, what orders it, kinds of its instructions in the order of the code), up to the first return of each."""
    command = [objdump, "-d", "--no-show-raw-insn", "-j", ".text", "-j", "hg_trampolines", path]
    name = None
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        if match := NAME.match(line):
            name, order, kinds = match[1], match[2], []
        elif name and (match := INSTRUCTION.match(line)):
            text = f"{match[1]} {match[2]}".strip()
            kinds += [kind for kind, pattern in KINDS if pattern.match(text)][:1]
            if kinds[-1:] == ["return"]:
                yield name, order, kinds
                name = None


def without_copying(kinds):
    """The same without what hands on stack arguments, right before the real function: a test whether they lie in one page
    and a call if not, and a loop: a test that leaves it, and a test or a jump that repeats it."""
    real = kinds.index("real") if "real" in kinds else 0
    return kinds[:real - 4] + kinds[real:] if kinds[real - 4:real - 2] == ["test", "call"] else kinds


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    found, faults = 0, 0
    for name, order, kinds in trampolines(sys.argv[1], *sys.argv[2:] or ["objdump"]):
        before, after, alone = ["fence"] * (order != "0"), ["fence"] * (order == "1"), ["test"] * (order == "2")
        stack = name.split("_")[-2]
        # The word of the guard is read, and tested, behind a fence.
        page = ["test"] * (stack == "1")
        enters = ["test"] * 5 + before + ["test"] + alone + page + ["real"]
        shape = enters + ["test"] * 2 + after + ["test"] + alone * 2 + ["return"]
        found += 1
        if (without_copying(kinds) if stack == "2" else kinds) != shape:
            faults += 1
            print(f"{name}: {' '.join(kinds)}\n    expected: {' '.join(shape)}")
    print(f"check_fast_path: {found} fast trampolines")
    sys.exit(1 if faults or not found else 0)


main()
