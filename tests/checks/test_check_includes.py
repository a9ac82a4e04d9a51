#!/usr/bin/env python3
"""The checker of includes must be able to fail: rooms of tools/ with one include each that is wrong, and some that is right.

Usage: test_check_includes.py TOP
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

# A source, the include that is added to it, and what the checker must say of that: nothing, if it is right.
ADDED = (
    ("common/nearest.c", "run/run.h", "may not include tools/run/run.h"),
    ("program/elf/elf_file.c", "program/target.h", "may not include tools/program/target.h"),
    ("manifest/model/value.c", "manifest/yaml/nodes.h", "may not include tools/manifest/yaml/nodes.h"),
    ("manifest/lint/lint.c", "manifest/shelf.h", "may not include tools/manifest/shelf.h"),
    ("report/describe/story.c", "report/print/print.h", "may not include tools/report/print/print.h"),
    ("report/report.c", "manifest/shelf.h", "may not include tools/manifest/shelf.h"),
    ("report/describe/reach.c", "program/forecast.h", "may not include tools/program/forecast.h"),
    ("run/run.c", "doctor/trial.h", "may not include tools/doctor/trial.h"),
    ("run/run.c", "api/handleguard.h", "may not include runtime/api/handleguard.h"),
    ("common/files.c", "somewhere/else.h", '"somewhere/else.h" is not in the tree'),
    ("common/allocate.h", "common/suggest.h", "in a circle"),
    ("doctor/trial.c", "report/describe/reach.h", ""),
    ("main.c", "manifest/yaml/nodes.h", ""),
)


def said_of(top):
    result = subprocess.run([top / "scripts/check-includes"], capture_output=True, text=True, check=False)
    return result.returncode, result.stderr


def check(top, source, name, expected):
    path = top / "tools" / source
    kept = path.read_text(encoding="utf-8")
    path.write_text(f'#include "{name}"\n{kept}', encoding="utf-8")
    status, said = said_of(top)
    path.write_text(kept, encoding="utf-8")
    if bool(status) != bool(expected) or (expected not in said if expected else said):
        print(f"{source} with {name}: ended with {status} and said {said!r}")
        return 1
    return 0


def copy_of(sources, top):
    for folder in ("runtime", "shim", "tools"):
        shutil.copytree(sources / folder, top / folder)
    (top / "scripts").mkdir()
    for script in ("check-includes", "lib.sh"):
        shutil.copy(sources / "scripts" / script, top / "scripts")
    subprocess.run(["git", "init", "--quiet", top], check=True)


def main():
    with tempfile.TemporaryDirectory(prefix="handleguard-includes-") as name:
        top = pathlib.Path(name)
        copy_of(pathlib.Path(sys.argv[1]), top)
        # A circle of two headers, of which one stands there already.
        header = top / "tools/common/suggest.h"
        header.write_text(header.read_text(encoding="utf-8").replace("#include <argp.h>", '#include "common/allocate.h"\n'
                                                                     "#include <argp.h>"), encoding="utf-8")
        faults = sum(check(top, *added) for added in ADDED)
        listed = top / "tools/CMakeLists.txt"
        listed.write_text(listed.read_text(encoding="utf-8").replace("set(rooms", "set(folders"), encoding="utf-8")
        status, said = said_of(top)
        if not status or "no list of rooms" not in said:
            print(f"no list: ended with {status} and said {said!r}")
            faults += 1
    sys.exit(faults != 0)


if __name__ == "__main__":
    main()
