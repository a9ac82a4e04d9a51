"""How long each instruction of these objects' functions is: as objdump says?

Usage: check_lengths.py PROGRAM OBJDUMP OBJECT...
"""
import re
import subprocess
import sys

# Of each in the code, as objdump prints them: an address, bytes, the instruction.
LINE = re.compile(r"^ *[0-9a-f]+:\t((?:[0-9a-f]{2} )+) *\t(.*)$")


def instructions(objdump, path):
    command = [objdump, "-d", "-w", path]
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        match = LINE.match(line)
        if match and "(bad)" not in match[2]:
            yield match[1]


def main():
    program, objdump, *objects = sys.argv[1:]
    lines = sorted({bytes_ for path in objects for bytes_ in instructions(objdump, path)})
    assert len(lines) > 10000, "so few instructions are none of a library's"
    result = subprocess.run([program], input="".join(line + "\n" for line in lines), capture_output=True, text=True)
    print(f"{len(lines)} different instructions\n{result.stdout}", end="")
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
