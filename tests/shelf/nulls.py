#!/usr/bin/env python3
"""Call each function of a ready-made manifest without a handle, in a process of its own, and see whether it crashes.

usage: nulls.py MANIFEST.yaml AUDIT.yaml LIBRARY.so

Where the real library crashes the manifest must say that such calls are rejected ('null'), and nowhere else: there it has
an answer of its own. Each call is made with a handle first, so that what crashes is known to do so for the null. What
handles are made of stands in handles_*.py beside this file, and what a function's other arguments must be under 'nulls' in
AUDIT.yaml. Exit status: 0 all is as the manifest says, 1 it is not (a line for each thing).
"""
import ctypes
import importlib
import os
import pathlib
import signal
import sys
import tempfile

import audit

SECONDS = 2  # that a call may take: one that blocks has not crashed


def places(manifest, entry):
    """(class, argument, whether it is the handle's address, what becomes of null) of each plain argument."""
    for role in ("op", "free"):
        for class_name, said in entry.get(role, {}).items():
            by_class = manifest["classes"][class_name].get("null", "pass") if role == "op" else "pass"
            for place in said if isinstance(said, list) else [said]:
                place = place if isinstance(place, dict) else {"arg": place}
                if "arg" in place:
                    yield (class_name, int(str(place["arg"]).strip("*")), isinstance(place["arg"], str),
                           place.get("null") or entry.get("null") or by_class)


class Calls:
    def __init__(self, manifest, rules, library, header):
        self.manifest, self.rules, self.header = manifest, rules, header
        self.library = ctypes.CDLL(library)
        self.handles = importlib.import_module("handles_" + pathlib.Path(sys.argv[1]).stem).Handles(self.library)
        self.wrong, self.counted = [], 0

    def other(self, name, number, parameter):
        given = self.rules.get("arguments", {}).get(name, {})
        if number in given:
            value = given[number]
            return value.encode() if isinstance(value, str) else value
        if parameter.stars and parameter.base != "function":
            return ctypes.create_string_buffer(b"main", 65536)
        return 0

    def survives(self, name, function, found, null):
        """Whether a child does that makes the call; the handle in argument `null` is none."""
        child = os.fork()
        if child:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) in (0, -signal.SIGALRM)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        arguments = [self.other(name, number, parameter) for number, parameter in enumerate(function.arguments)]
        for class_name, number, behind, _ in found:
            handle = None if number == null else getattr(self.handles, class_name)()
            arguments[number] = ctypes.byref(ctypes.c_void_p(getattr(handle, "value", handle))) if behind else handle
        signal.alarm(SECONDS)
        getattr(self.library, name)(*[
            ctypes.c_void_p(value) if isinstance(value, int) and function.arguments[number].stars else
            ctypes.c_int64(value) if isinstance(value, int) else value for number, value in enumerate(arguments)])
        os._exit(0)

    def check(self, name, entry):
        function = self.header.functions[name]
        found = list(places(self.manifest, entry))
        if not found:
            return
        if not self.survives(name, function, found, None):
            self.wrong.append(f"{name}: crashes with handles too; say under 'nulls' what its other arguments must be")
            return
        for _, number, _, said in found:
            crashes = not self.survives(name, function, found, number)
            self.counted += 1
            if crashes != (said == "reject"):
                self.wrong.append(f"{name}: {'crashes' if crashes else 'has an answer'} where argument {number} is null, "
                                  f"and the manifest says: {said}")

    def check_all(self):
        for name, entry in self.manifest["functions"].items():
            if name in self.rules.get("uncalled", {}) or not hasattr(self.library, name):
                continue
            self.check(name, entry)


def main():
    manifest, rules, library = audit.load(sys.argv[1]), audit.load(sys.argv[2]), sys.argv[3]
    calls = Calls(manifest, rules.get("nulls", {}), library, audit.Header(rules, os.path.dirname(sys.argv[2]), None))
    # Some take a text for the name of a file.
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        calls.check_all()
        os.chdir("/")
    print("\n".join(calls.wrong + [f"{calls.counted} arguments were tried"]))
    sys.exit(bool(calls.wrong or not calls.counted))


if __name__ == "__main__":
    main()
