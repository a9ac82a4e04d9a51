#!/usr/bin/env python3
"""Checks what libhandleguard.so asks of the dynamic linker.

It may need the C library alone: what a preloaded object needs comes before the program's own libraries, and libunwind
would take the place of the unwinder that the program throws its exceptions with. Its thread-local storage must be in the
initial-exec model, or reaching it could allocate, and small, for the room is scarce.

Usage: check_footprint.py LIBHANDLEGUARD
"""
import re
import subprocess
import sys

NEEDED = {"libc.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"}
TLS_MOST = 1024


def readelf(option, path):
    return subprocess.run(["readelf", option, "-W", path], check=True, capture_output=True, text=True).stdout


def faults_of(path):
    for name in re.findall(r"\(NEEDED\).*\[(.+)\]", readelf("-d", path)):
        if name not in NEEDED:
            yield f"needs {name}"
    for size in re.findall(r"^ +TLS +\S+ +\S+ +\S+ +\S+ +(0x[0-9a-f]+)", readelf("-l", path), re.MULTILINE):
        if int(size, 16) > TLS_MOST:
            yield f"has {int(size, 16)} bytes of thread-local storage"
    for relocation in re.findall(r"R_\w+_(?:DTPMOD|TLS_DTPMOD|TLSDESC)\w*", readelf("-r", path)):
        yield f"reaches thread-local storage by {relocation}"
    for symbol in re.findall(r"\bUND (_Unwind_\w+|_U\w+unw_\w+|unw_\w+)", readelf("--dyn-syms", path)):
        yield f"is linked with an unwinder: {symbol}"


def main():
    faults = list(faults_of(sys.argv[1]))
    print("".join(f"{sys.argv[1]} {fault}\n" for fault in faults), end="")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
