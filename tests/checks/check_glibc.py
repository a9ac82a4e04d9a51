"""Usage: check_glibc.py COMPILER FILE...
What the program and the runtime take from the GNU C library was in 2.28 already, as the wheel promises. A library of a newer
release has much of that under a newer version besides; only what has no older version came later."""
import functools
import re
import subprocess
import sys

OLDEST = (2, 28)
LIBRARIES = ["libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1"]
# Linked in from libc_nonshared.a, or called by another name, until then.
OTHERWISE_BEFORE = re.compile(r"(__)?(l|f)?(stat|mknod)(at)?(64)?|__isoc23_\w+|__libc_start_main")


def symbols(path):
    """Of its dynamic ones: (whether it is defined there, name, version) of each that the C library has a version for. What is
    weak, and may be missing, is none."""
    listed = subprocess.run(["nm", "-D", "--with-symbol-versions", path], capture_output=True, text=True, check=False).stdout
    for line in listed.splitlines():
        found = re.fullmatch(r"[0-9a-f ]*(\w) (\w+)@@?GLIBC_([0-9.]+)", line.strip())
        if found and found[1] not in "wv":
            yield found[1] != "U", found[2], tuple(int(part) for part in found[3].split("."))


@functools.cache
def in_oldest(compiler):
    """The names that any of the library's parts defines in a version that is old enough."""
    paths = [subprocess.run([compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True).stdout.strip()
             for name in LIBRARIES]
    return {name for path in paths for is_defined, name, version in symbols(path) if is_defined and version <= OLDEST}


def main(compiler, *files):
    old = in_oldest(compiler)
    assert "posix_spawn" in old, "the GNU C library could not be read"
    faults = [f"{path}: {name} is in the GNU C library from {'.'.join(map(str, version))} on"
              for path in files for is_defined, name, version in symbols(path)
              if not is_defined and version > OLDEST and name not in old and not OTHERWISE_BEFORE.fullmatch(name)]
    print(*faults, sep="\n", end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
