"""Runs set-user-id copies of scenario programs as another user: they must run as ever, say nothing, and write nothing.

Usage: secure.py PRELOAD_OBJECT PROGRAM...

Only root can make such copies for another user; for others there is nothing to see (status 77). So it is where the file
system knows no set-user-id bit. The build tree may lie where the other user cannot reach (below /root): the programs take
along what they load from it.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

OTHER = 65534


def patchelf(*arguments):
    return subprocess.run(["patchelf", *arguments], capture_output=True, text=True, check=True).stdout.strip()


def copy_with_libraries(program, folder):
    """Copies a program or library, and what it finds in folders that were named to the linker; the copies find theirs."""
    copy = folder / os.path.basename(program)
    shutil.copy(program, copy)
    rpath = patchelf("--print-rpath", program)
    if rpath:
        patchelf("--set-rpath", folder, copy)
    for name in patchelf("--print-needed", program).split():
        found = (pathlib.Path(where) / name for where in rpath.split(":") if where)
        library = next((path for path in found if path.exists()), None)
        if library and not (folder / name).exists():
            copy_with_libraries(library, folder)
    return copy


def copy_for_other(program, folder):
    copy = copy_with_libraries(program, folder)
    os.chown(copy, OTHER, OTHER)
    os.chmod(copy, 0o4755)
    return copy


def is_secure(folder):
    """Whether the kernel honours the bit there: the copy of a program that tells its user."""
    told = subprocess.run([copy_for_other("/usr/bin/id", folder), "-u"], capture_output=True, text=True, check=False)
    return told.stdout.strip() == str(OTHER)


def faults_of(program, preload, folder):
    output = folder / "output"
    output.mkdir()
    os.chown(output, OTHER, OTHER)
    environment = os.environ | {"HANDLEGUARD_OUTPUT": str(output), "LD_PRELOAD": preload, "VARIANT": "before"}
    result = subprocess.run([copy_for_other(program, folder)], cwd=output, env=environment, capture_output=True,
                            text=True, timeout=300, check=False)
    written = [path.name for path in output.iterdir()]
    shutil.rmtree(output)
    faults = [f"{program} ended with {result.returncode}: {result.stdout}"] if result.returncode else []
    faults += [f"{program} wrote {written}"] if written else []
    return faults + ([f"{program} said {result.stderr}"] if result.stderr else [])


def main():
    preload, *programs = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="handleguard-secure-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        if os.getuid() != 0 or not is_secure(folder):
            sys.exit(77)
        faults = [fault for program in programs for fault in faults_of(program, preload, folder)]
    print("".join(f"{fault}\n" for fault in faults), end="")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
