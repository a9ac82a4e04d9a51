"""Programs of another machine, run by the emulator that SCENARIO_EMULATOR names with its arguments; empty: no emulator.

Usage: emulator.py COMMAND...    runs the command where there is no membarrier
"""
import ctypes
import os
import re
import struct
import sys

EMULATOR = os.environ.get("SCENARIO_EMULATOR", "").split()
WORDS = re.compile(r"^qemu: uncaught target signal .*\n", re.MULTILINE)


def preload(command, objects):
    """(command, environment) such that the objects are preloaded into the program, and not into the emulator."""
    if EMULATOR:
        return [*EMULATOR, "-E", f"LD_PRELOAD={objects}", *command], {}
    return command, {"LD_PRELOAD": objects}


def forbid_membarrier():
    """In the process that is about to become the emulator, which refuses the program's own filters."""
    code = ctypes.create_string_buffer(struct.pack(
        "HBBI" * 4,
        0x20, 0, 0, 0,           # load the number of the system call
        0x15, 0, 1, 324,         # is it membarrier, as x86-64 numbers it?
        0x06, 0, 0, 0x50000 + 38,  # then the answer is ENOSYS
        0x06, 0, 0, 0x7fff0000))  # else it is made
    program = ctypes.create_string_buffer(struct.pack("H6xQ", 4, ctypes.addressof(code)))
    libc = ctypes.CDLL(None)
    no_new_privileges, set_filter, filter_mode = 38, 22, 2
    if libc.prctl(no_new_privileges, 1, 0, 0, 0) or libc.prctl(set_filter, filter_mode, program):
        raise OSError("membarrier could not be taken away")


if __name__ == "__main__":
    forbid_membarrier()
    os.execvp(sys.argv[1], sys.argv[1:])
