#!/usr/bin/env python3
"""Usage: pick.py [COUNT]
Picks the libraries whose manifests are written by hand before the generator sees them: prints a line for each, and on
standard error why those before it were passed over.

Nobody chooses. The candidates are the C libraries that Debian describes as such; they are taken in the order of the
SHA-256 of their names, and the first COUNT (preset: 8) are picked that have, in the package and its library,

  - headers that need those of no other library's package,
  - between 8 and 80 exported functions that the headers declare: more cannot be written by hand in an hour,
  - at least one of them that is named like a free.

Needs apt's lists, downloads packages into ~/.cache/handleguard-pick, and installs nothing."""
import hashlib
import os
import pathlib
import re
import subprocess
import sys

CACHE = pathlib.Path.home() / ".cache/handleguard-pick"
FEWEST, MOST = 8, 80
LARGEST = 100_000  # bytes of the package; those of more hold more functions than can be written by hand
FREES = re.compile(r"(?:^|_)(?:free|destroy|close|delete|unref|release|dispose|fini|finish|end|term|cleanup)(?:$|_)", re.I)


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def records():
    """What apt knows of each package, as a map."""
    for text in run("apt-cache", "dumpavail").split("\n\n"):
        fields = {}
        for line in text.splitlines():
            if not line.startswith(" "):
                key, _, fields[key] = line.partition(":")
                fields[key] = fields[key].strip()
            elif fields:
                fields[key] += line
        if fields:
            yield fields


def runtime_of(fields):
    """The package with the library itself, if the package depends on that one and on libc only; else none."""
    depends = [entry.split()[0] for entry in fields.get("Depends", "").split(",") if entry.strip()]
    exact = re.match(r"(lib\S+) \(= ", fields.get("Depends", ""))
    others = [name for name in depends if exact and name not in (exact[1], "libc6-dev")]
    return exact[1] if exact and not others else None


def candidates():
    """Debian's packages with headers of one library in C, in the order of their names' hashes."""
    found = {}
    for fields in records():
        name, tags = fields["Package"], fields.get("Tag", "")
        if not re.fullmatch(r"lib.+-dev", name) or fields.get("Section") != "libdevel":
            continue
        if not re.search(r"implemented-in::c(,|$)", tags) or int(fields["Size"]) > LARGEST:
            continue
        runtime = runtime_of(fields)
        if runtime:
            found[name] = runtime
    return sorted(found.items(), key=lambda item: hashlib.sha256(item[0].encode()).hexdigest())


def unpack(package):
    folder = CACHE / package
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        run("apt-get", "download", package, cwd=CACHE)
        (archive,) = CACHE.glob(f"{package}_*.deb")
        run("dpkg-deb", "-x", archive, folder)
    return folder


def exported(library):
    return {
        line.split()[-1].split("@")[0]
        for line in run("nm", "-D", "--defined-only", library).splitlines()
        if line.split()[-2] in "TWi"
    }


def declared(headers, names):
    text = "\n".join(path.read_text(errors="replace") for path in headers)
    return sorted(name for name in names if re.search(rf"\b{name}\s*\(", text))


def examine(package, runtime):
    """Why the package is passed over; or none, and what is to be said of it."""
    headers = sorted((unpack(package) / "usr/include").rglob("*.h"))
    libraries = [path for path in unpack(runtime).rglob("lib*.so.*") if not path.is_symlink()]
    if not headers or len(libraries) != 1:
        return f"headers: {len(headers)}, libraries: {len(libraries)}", None
    functions = declared(headers, exported(libraries[0]))
    if not FEWEST <= len(functions) <= MOST:
        return f"declared functions: {len(functions)}", None
    if not any(FREES.search(name) for name in functions):
        return "nothing is named like a free", None
    soname = re.search(r"SONAME\s+(\S+)", run("objdump", "-p", libraries[0]))[1]
    version = next(CACHE.glob(f"{package}_*.deb")).name.split("_")[1].replace("%3a", ":")
    return None, f"{package}\t{version}\t{soname}\t{len(functions)} functions"


def main():
    count, picked = int(sys.argv[1]) if len(sys.argv) > 1 else 8, 0
    for package, runtime in candidates():
        why, line = examine(package, runtime)
        if why:
            print(f"{package} is passed over: {why}", file=sys.stderr)
            continue
        print(line, flush=True)
        picked += 1
        if picked == count:
            return


if __name__ == "__main__":
    os.environ["LC_ALL"] = "C"
    main()
