#!/usr/bin/env python3
"""Checks, in the machine code of libhandleguard.so, what runs between a program's call and the real function.

Whatever the trampolines reach without going through hg_preserving must touch no vector, MMX or x87 register and call
nothing of libc but __errno_location: nobody has saved those registers, and they may hold the call's arguments or its
result. Follows direct calls and jumps, and functions whose address is taken (callbacks), but for what is handed to
hg_preserving.

Usage: check_registers.py LIBHANDLEGUARD
"""
import re
import subprocess
import sys

ROOTS = {"hg_call_enter", "hg_call_leave", "hg_guard_left", "hg_fast_leave", "hg_fast_leave_alone", "hg_remember_again",
         "hg_read_xsave_size", "hg_provoked_enter", "hg_provoked_leave", "hg_work_stack_take", "hg_work_stack_give",
         "hg_stack_arguments"}
SAVES_REGISTERS = ("hg_preserving", "hg_preserving_here")
ALLOWED_LIBC = {"__errno_location"}
VECTOR = re.compile(r"%[xyz]?mm\d|%st\b|%k[0-7]\b|\bv?zero(all|upper)\b")
FUNCTION = re.compile(r"^([0-9a-f]+) <([^>]+)>:$")
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\t(\S+)\s*(.*)$")
TARGET = re.compile(r"\b([0-9a-f]+) <([^>+]+)(\+0x[0-9a-f]+)?>")


def disassemble(path):
    """Functions by address: (name, [(mnemonic, operands)])."""
    command = ["objdump", "-d", "--no-show-raw-insn", "-j", ".text", "-j", "hg_trampolines", path]
    functions, body = {}, None
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        if match := FUNCTION.match(line):
            body = []
            functions[int(match[1], 16)] = (match[2], body)
        elif match := INSTRUCTION.match(line):
            body.append((match[2], match[3]))
    return functions


def edges(body, functions):
    """What a function can go to: addresses of our own functions, and names of others'."""
    ours, others, work = set(), set(), None
    for mnemonic, operands in body:
        match = TARGET.search(operands)
        address = int(match[1], 16) if match and not match[3] else None
        goes = mnemonic.startswith(("call", "jmp", "bnd"))
        if goes and match and match[2] in SAVES_REGISTERS:
            ours.discard(work)
        elif goes and match and match[2].endswith("@plt"):
            others.add(match[2].removesuffix("@plt"))
        elif goes and operands.startswith("*") and match:
            others.add(match[2].split("@")[0])
        elif address in functions:
            ours.add(address)
            if "%rdi" in operands.split("#")[0]:
                work = address
    return ours, others


def faults(functions):
    by_name = {name: address for address, (name, _) in functions.items()}
    missing = (ROOTS | {SAVES_REGISTERS[0]}) - by_name.keys()
    if missing:
        sys.exit(f"check_registers: not in the library: {', '.join(sorted(missing))}")
    queue = [(by_name[root], root) for root in sorted(ROOTS)]
    seen, found = set(), []
    while queue:
        address, path = queue.pop()
        if address in seen:
            continue
        seen.add(address)
        name, body = functions[address]
        bad = [" ".join(instruction) for instruction in body if VECTOR.search(" ".join(instruction))]
        ours, others = edges(body, functions)
        found += [f"{path}: {instruction}" for instruction in bad[:1]]
        found += [f"{path}: calls {other}" for other in sorted(others - ALLOWED_LIBC)]
        queue += [(to, f"{path} > {functions[to][0]}") for to in ours]
    print(f"check_registers: {len(seen)} functions reached from the trampolines")
    return found


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    found = faults(disassemble(sys.argv[1]))
    for fault in found:
        print(fault)
    sys.exit(1 if found else 0)


main()
