#!/usr/bin/env python3
"""The checker of layers must be able to fail: the library's own objects and sources, with one fault each planted in them.

Usage: test_check_layers.py TOP OBJECTS COMPILER
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

# What the checker must say once an object, by its source, uses this function.
PLANTED = (
    ("", "runtime/record/ring.c", "hg_recording_clock"),  # of its own room, as it does already
    ("", "runtime/protocol/guard.c", "hg_say"),  # of a room below
    ("say (runtime/base) uses hg_guard_enter of guard, which stands above it (runtime/protocol)", "runtime/base/say.c",
     "hg_guard_enter"),
    ("scope (shim/dynlink) uses hg_bindings_update of bindings, which stands above it (shim/bind)", 
     "shim/dynlink/scope.c", "hg_bindings_update"),
    ("record_file, recording use each other in a circle", "runtime/record/record_file.c", "hg_recording_clock"),
    ("frees, ops, shared use each other in a circle", "shim/call/shared.c", "hg_enter_free"),
    ("added.c: it lies in no room", "runtime/added.c", "hg_say"),
)

# The same once a source includes this header.
INCLUDED = (
    ("", "runtime/protocol/guard.c", "base/memory.h"),
    ("runtime/thread/thread.c (runtime/thread) includes runtime/protocol/guard.h, which stands above it",
     "runtime/thread/thread.c", "protocol/guard.h"),
    ("shim/dynlink/scope.h (shim/dynlink) includes shim/bind/slots.h, which stands above it", "shim/dynlink/scope.h",
     "bind/slots.h"),
    ("runtime/added.h: it lies in no room", "runtime/added.h", "base/sys.h"),
)


class Copy:
    """Of the scripts, and of the objects."""

    def __init__(self, folder, top, objects, compiler):
        self.folder, self.compiler = folder, compiler
        (folder / "scripts").mkdir()
        for name in ("check-layers", "knots.txt"):
            shutil.copy(top / "scripts" / name, folder / "scripts")
        for name in ("runtime", "shim"):
            shutil.copytree(top / name, folder / name)
        shutil.copytree(objects, folder / "objects", ignore=lambda _, names: [n for n in names if n.endswith(".d")])

    def object_of(self, source):
        inside = source[len("runtime/"):] if source.startswith("runtime/") else f"__/{source}"
        return self.folder / "objects" / f"{inside}.o"

    def plant(self, source, function):
        """Has the object of a source use a function. Returns what undoes it."""
        target, more = self.object_of(source), self.folder / "more.o"
        code = f"void {function}(void);\nstatic void planted(void) {{ {function}(); }}\nvoid (*at)(void) = planted;\n"
        subprocess.run([self.compiler, "-xc", "-c", "-fPIC", "-fvisibility=hidden", "-", "-o", more], input=code, text=True,
                       check=True)
        before = target.read_bytes() if target.exists() else None
        if before is None:
            shutil.copy(more, target)
            (self.folder / source).touch()
            return (self.folder / source).unlink
        both = self.folder / "both.o"
        # Of an object with sections for link time optimization nm reads these, which know nothing of what is planted.
        subprocess.run(["objcopy", "--wildcard", "--remove-section=.gnu.lto_*", target], check=True)
        subprocess.run(["ld", "-r", "-o", both, target, more], check=True)
        shutil.copy(both, target)
        return lambda: target.write_bytes(before)

    def include(self, source, *headers):
        """The same of headers that a source includes."""
        target = self.folder / source
        before = target.read_text(encoding="utf-8") if target.exists() else None
        lines = "".join(f'\n#include "{header}"\n' for header in headers)
        target.write_text((before or "") + lines, encoding="utf-8")
        return target.unlink if before is None else lambda: target.write_text(before, encoding="utf-8")

    def said(self):
        result = subprocess.run([self.folder / "scripts/check-layers", self.folder / "objects"], capture_output=True,
                                text=True, check=False)
        return result.returncode, result.stderr


def check(copy, what, expected):
    status, said = copy.said()
    if status != bool(expected) or (expected not in said if expected else said):
        print(f"{what}: ended with {status} and said {said!r}")
        return 1
    return 0


def main():
    with tempfile.TemporaryDirectory(prefix="handleguard-layers-") as name:
        copy = Copy(pathlib.Path(name), pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3])
        faults = check(copy, "nothing planted", "")
        for expected, source, function in PLANTED:
            undo = copy.plant(source, function)
            faults += check(copy, f"{function} in {source}", expected)
            undo()
        for expected, source, header in INCLUDED:
            undo = copy.include(source, header)
            faults += check(copy, f"{header} in {source}", expected)
            undo()
        sources = [path for folder in ("runtime", "shim") for path in (copy.folder / folder).rglob("*.c")]
        undo = [copy.include(path.relative_to(copy.folder), "finding/race.h") for path in sources]
        faults += check(copy, "a header that is a key to everything", "runtime/finding/race.h is included by")
        for each in undo:
            each()
        shutil.copy(copy.object_of("shim/bind/bindings.c"), copy.object_of("shim/gone.c"))
        faults += check(copy, "an object that is left of a source which is gone", "")
        knots = copy.folder / "scripts/knots.txt"
        text = knots.read_text(encoding="utf-8")
        knots.write_text(text + "depot ring: no reason\n", encoding="utf-8")
        faults += check(copy, "a knot that is none", "depot, ring are no circle any more")
        knots.write_text("".join(line for line in text.splitlines(True) if line.startswith("#")), encoding="utf-8")
        faults += check(copy, "a knot that is not named", "guard, thread_end use each other in a circle")
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
