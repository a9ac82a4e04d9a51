"""Puts faults into a copy of the project, one after the other, and lets random programs find each.

Usage: mutants.py SOURCE COPY [SECONDS] [MUTANT...]

A mutant is a patch in tests/stress/mutants: first what is wrong with it, in a line; then "Features: NAME,NAME...", what
the random programs may do that are to find it (callers.py names them; without the mutant these programs must go well),
or all; then the differences. COPY is made, or brought up to date, and kept. Exit status 1: one was not found within
SECONDS (preset 60), or what was found is not its doing.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import time

TARGETS = ("handleguard", "handleguard_runtime", "callers")
SOUND = 15  # seconds for which the same programs must go well without the mutant


def files_of(source):
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=source,
                            capture_output=True, check=True).stdout
    return [pathlib.Path(os.fsdecode(name)) for name in listed.split(b"\0") if name]


def bring_up_to_date(source, copy):
    """Only what differs is written, so that only that is built."""
    names = [name for name in files_of(source) if (source / name).is_file()]
    for name in names:
        there = copy / name
        if there.is_file() and there.read_bytes() == (source / name).read_bytes():
            continue
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source / name, there)
        there.touch()
    known = set(names)
    for path in copy.rglob("*"):
        name = path.relative_to(copy)
        if path.is_file() and name.parts[0] != "build" and name not in known:
            path.unlink()


def build(copy):
    if not (copy / "build/build.ninja").exists():
        subprocess.run(["cmake", "--preset", "release", "-DHANDLEGUARD_TESTS=ON"], cwd=copy, check=True,
                       stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", "build", "--", "--quiet", *TARGETS], cwd=copy, check=True)


def callers(copy, features, *arguments):
    folder = copy / "build/tests/stress/callers"
    command = [sys.executable, "-B", copy / "tests/stress/callers/callers.py", "--folder", folder, "--only", features,
               *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def patched(copy, patch, *options):
    return subprocess.run(["patch", "--quiet", "--forward", "-p1", *options, "-i", patch], cwd=copy, check=False,
                          capture_output=True, text=True)


def is_found(copy, patch, features, seconds):
    if patched(copy, patch).returncode != 0:
        print(f"{patch.name}: does not apply any more; make the patch anew")
        return False
    try:
        build(copy)
        begun = time.monotonic()
        result = callers(copy, features, "--seconds", seconds, "--expect-fault")
        took = f"{time.monotonic() - begun:.1f} s"
    finally:
        subprocess.run(["patch", "--quiet", "-R", "-p1", "-i", patch], cwd=copy, check=True)
    faults = [line for line in result.stdout.splitlines() if line.startswith("seed")]
    print(f"{patch.name}: " + (f"{took}, {faults[0]}" if faults else f"NOT FOUND within {seconds} seconds"), flush=True)
    return result.returncode == 0


def main():
    source, copy = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    seconds, wanted = (sys.argv[3:] + ["60"])[0], sys.argv[4:]
    patches = sorted((source / "tests/stress/mutants").glob("*.patch"))
    patches = [patch for patch in patches if not wanted or patch.stem in wanted]
    features = {patch: patch.read_text().splitlines()[1].removeprefix("Features: ") for patch in patches}
    copy.mkdir(parents=True, exist_ok=True)
    bring_up_to_date(source, copy)
    build(copy)
    failed = 0
    for words in sorted(set(features.values())):
        result = callers(copy, words, "--seconds", str(SOUND), "--stop")
        if result.returncode:
            failed += 1
            print(f"without a mutant, programs with {words} do not go well:\n{result.stdout}", flush=True)
    failed += sum(not is_found(copy, patch, features[patch], seconds) for patch in patches)
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
