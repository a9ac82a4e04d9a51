#!/usr/bin/env python3
"""The checker of bounds must be able to fail: sources with one fault each, and some without.

Usage: test_check_limits.py TOP
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

# What the checker must say of a file of the runtime that is added: nothing, if it is right.
ADDED = (
    ("", ""),
    ("NEW_MOST bounds something", "enum { NEW_MOST = 12 };\nstatic int places[NEW_MOST];"),
    ("NEW_MOST bounds something", "#define NEW_MOST 12\nstatic bool full(unsigned n) { return n == NEW_MOST; }"),
    ("NEW_MOST bounds something", "enum { NEW_MOST = 12 };\nvoid f(void) { g(1, NEW_MOST); }"),
    ("NEW_MOST bounds something", "enum { OTHER = 4 }; /* no limit: a page */\nenum { NEW_MOST = 3 * OTHER };\n"
     "static int places[NEW_MOST];"),
    ("patience_ns bounds something", "static const uint64_t patience_ns = 1000000;"),
    ("PATIENCE_MS bounds something", "enum { PATIENCE_MS = 50 };"),
    ("places[] bounds something", "static int places[12];"),
    ("n < 100 bounds something", "static bool small(unsigned n) { return n < 100; }"),
    ("there is no counter SUCH_FULL", "enum { NEW_MOST = 12 }; /* limit: SUCH_FULL */\nstatic int places[NEW_MOST];"),
    ("names no counter", "enum { NEW_MOST = 12 }; /* limit: some */\nstatic int places[NEW_MOST];"),
    ("nothing of tools/ tells no_such_word", "enum { NEW_MOST = 12 }; /* limit: told as no_such_word */\n"
     "static int places[NEW_MOST];"),
    ("", "enum { NEW_MOST = 12 }; /* limit: SITES_FULL */\nstatic int places[NEW_MOST];"),
    ("", "enum { NEW_MOST = 12 }; /* limit: told as HG_PARTY_STACK_CUT */\nstatic int places[NEW_MOST];"),
    ("", "/* no limit: they are\n * rounded */\nenum { NEW_MOST = 12 };\nstatic int places[NEW_MOST];"),
    ("", "enum new_kind { NEW_ONE = 1, NEW_OTHER = 2 };\nstatic bool other(int kind) { return kind == NEW_OTHER; }"),
    ("", "enum { NEW_CODE = 0x20 };\nstatic bool is_code(int code) { return code == NEW_CODE; }"),
    ("", "/* An array of places[12], for n < 100. */"),
)


def said_of(top):
    result = subprocess.run([top / "scripts/check-limits", "--quiet"], capture_output=True, text=True, check=False)
    return result.returncode, result.stderr


def check(top, what, expected):
    status, said = said_of(top)
    if status != bool(expected) or (expected not in said if expected else said):
        print(f"{what!r}: ended with {status} and said {said!r}")
        return 1
    return 0


def main():
    with tempfile.TemporaryDirectory(prefix="handleguard-limits-") as name:
        top = pathlib.Path(name)
        for folder in ("runtime", "shim", "tools"):
            shutil.copytree(pathlib.Path(sys.argv[1]) / folder, top / folder)
        (top / "scripts").mkdir()
        shutil.copy(pathlib.Path(sys.argv[1]) / "scripts/check-limits", top / "scripts")
        faults = 0
        for expected, text in ADDED:
            (top / "runtime/added.c").write_text(text, encoding="utf-8")
            faults += check(top, text, expected)
        counters = top / "runtime/format/counters.def"
        counters.write_text(counters.read_text(encoding="utf-8") + 'HG_COUNTER(NEW_CUT, "new-cut", "new")\n', encoding="utf-8")
        faults += check(top, "a counter that nothing counts", "nothing counts NEW_CUT")
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
