#!/usr/bin/env python3
"""The checker of layers must be able to fail: the library's own objects, with one fault each planted in them.

Usage: test_check_layers.py TOP OBJECTS COMPILER
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

# What the checker must say once an object, by its source, uses this function.
PLANTED = (
    ("", "runtime/ring.c", "hg_recording_clock"),  # of its own room, as it does already
    ("", "runtime/guard.c", "hg_say"),  # of a room below
    ("say (runtime/base) uses hg_guard_enter of guard, which stands above it (runtime/protocol)", "runtime/say.c",
     "hg_guard_enter"),
    ("scope (shim/dynlink) uses hg_survey of survey, which stands above it (shim/bind)", "shim/scope.c", "hg_survey"),
    ("record_file, recording use each other in a circle", "runtime/record_file.c", "hg_recording_clock"),
    ("frees, ops, shared use each other in a circle", "shim/shared.c", "hg_enter_free"),
    ("added.c: scripts/layers.txt has no room for it", "runtime/added.c", "hg_say"),
)


class Copy:
    """Of the scripts, and of the objects."""

    def __init__(self, folder, top, objects, compiler):
        self.folder, self.compiler = folder, compiler
        (folder / "scripts").mkdir()
        for name in ("check-layers", "layers.txt"):
            shutil.copy(top / "scripts" / name, folder / "scripts")
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
            return target.unlink
        both = self.folder / "both.o"
        subprocess.run(["ld", "-r", "-o", both, target, more], check=True)
        shutil.copy(both, target)
        return lambda: target.write_bytes(before)

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
        layers = copy.folder / "scripts/layers.txt"
        text = layers.read_text(encoding="utf-8")
        layers.write_text(text + "knot depot ring: no reason\n", encoding="utf-8")
        faults += check(copy, "a knot that is none", "depot, ring are no circle any more")
        layers.write_text("".join(line for line in text.splitlines(True) if not line.startswith("knot")), encoding="utf-8")
        faults += check(copy, "a knot that is not named", "guard, thread_end use each other in a circle")
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
