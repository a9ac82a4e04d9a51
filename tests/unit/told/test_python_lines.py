"""The line of every instruction of the standard library's code objects, as the probe decodes it and as Python does.

Usage: test_python_lines.py PROBE
"""
import ctypes
import dis
import pathlib
import sys
import sysconfig
import types
import unittest

PROBE = sys.argv.pop(1)
FORMAT = 0 if sys.version_info < (3, 10) else 1 if sys.version_info < (3, 11) else 2  # enum hg_python_lines
LEAST_INSTRUCTIONS = 200_000


def code_objects(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from code_objects(constant)


def standard_library():
    """Its modules, compiled, but for those that are meant not to compile."""
    for path in sorted(pathlib.Path(sysconfig.get_path("stdlib")).rglob("*.py")):
        if not {"site-packages", "dist-packages", "lib2to3", "test", "tests"} & set(path.parts):
            try:
                yield from code_objects(compile(path.read_bytes(), str(path), "exec"))
            except (SyntaxError, ValueError):
                pass


def lines_by_python(code):
    """Of each instruction, two bytes each; 0: it has none."""
    size = len(code.co_code)
    if hasattr(code, "co_lines"):
        ranges = [(start, end, line or 0) for start, end, line in code.co_lines()]
    else:
        starts = list(dis.findlinestarts(code)) + [(size, 0)]
        ranges = [(start, end, line) for (start, line), (end, _) in zip(starts, starts[1:])]
    lines = [0] * (size // 2)
    for start, end, line in ranges:
        for place in range(start, min(end, size), 2):
            lines[place // 2] = line
    return lines


class Lines(unittest.TestCase):
    def test_every_instruction_of_the_standard_library(self):
        probe = ctypes.CDLL(PROBE)
        probe.probe_lines.restype = None
        instructions = 0
        for code in standard_library():
            table = code.co_linetable if FORMAT else code.co_lnotab
            expected = lines_by_python(code)
            told = (ctypes.c_int * len(expected))()
            probe.probe_lines(FORMAT, table, ctypes.c_size_t(len(table)), code.co_firstlineno, told, len(expected))
            if list(told) != expected:
                self.fail(f"{code.co_filename}: {code.co_name}, line {code.co_firstlineno}")
            instructions += len(expected)
        print(f"{sys.version.split()[0]}: {instructions} instructions")
        self.assertGreater(instructions, LEAST_INSTRUCTIONS)


if __name__ == "__main__":
    unittest.main()
