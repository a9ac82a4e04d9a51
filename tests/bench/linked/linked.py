"""Prints what it costs to start a program into which a library is linked, by how much code it has, and what a call of it costs.

Usage: linked.py BUILD_FOLDER [MEGABYTES...]
BUILD_FOLDER has bin/handleguard, and keeps the programs that are made here. Half of the code is the library's, half of it the
program's. `marked`: a language has marked all that is its own, as Go's and Rust's do; `plain`: nothing has.
"""
import os
import pathlib
import resource
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PER_UNIT = 2400  # functions
ROUNDS = 15
CALLS = 3_000_000

FUNCTION = """\t.type {name}, @function
\t.p2align 4
{name}:
\tpush %rbx
\tmov %rdi, %rbx
\tsub $32, %rsp
\tlea linked_table(%rip), %rax
\tmov %eax, 8(%rsp)
\txor %edx, %edx
""" + """\tmov 16(%rbx), %rcx
\tadd $1, %rdx
\tcmp %rcx, %rdx
\tjne 1f
\tmov %rbx, %rdi
\tcall {next}
\tmov linked_data(%rip), %rsi
1:\ttest %eax, %eax
""" * 4 + """\tadd $32, %rsp
\tpop %rbx
\tret
\t.size {name}, . - {name}
"""
BYTES = 208  # of that


def write_unit(path, file, side, number, units):
    """Its first function is known to others; its last one calls that of the next unit."""
    first, last = number * PER_UNIT, (number + 1) * PER_UNIT
    after = last % (units * PER_UNIT)
    text = [f'\t.file "{file}"\n\t.text\n\t.globl {side}_{first}\n\t.hidden {side}_{first}\n']
    text += [FUNCTION.format(name=f"{side}_{at}", next=f"{side}_{at + 1 if at + 1 < last else after}") for at in range(first, last)]
    path.write_text("".join(text) + '\t.section .note.GNU-stack, "", @progbits\n', encoding="utf-8")


def build(folder, megabytes, shape):
    """The program of so much code; anew only if it is not there."""
    program = folder / f"linked_{shape}_{megabytes}"
    if program.exists():
        return program
    units = max(1, round(megabytes * 1e6 / BYTES / PER_UNIT / 2))
    objects = []
    for side in "library", "program":
        for number in range(units):
            source = folder / "unit.s"
            name = f"{side}_{number}" + (".cgo2.c" if side == "program" and shape == "marked" else ".c")
            write_unit(source, name, side, number, units)
            objects.append(folder / f"{side}_{number}.o")
            subprocess.run(["as", "-o", objects[-1], source], check=True)
    run = "_cgo_run" if shape == "marked" else "run"
    subprocess.run(["cc", "-O2", f"-DRUN={run}", "-fvisibility=hidden", "-Wl,--no-relax", "-o", program, HERE / "program.c",
                    HERE / "library.c", *objects], check=True)
    for each in objects:
        each.unlink()
    return program


def build_callers(folder):
    """The same calls of the library in the program, and of a shared one."""
    inside, outside = folder / "calls_linked", folder / "calls_shared"
    library = folder / "liblinked.so"
    without = ["-DRUN=run", "-DWITHOUT_MORE"]
    subprocess.run(["cc", "-O2", *without, "-shared", "-fPIC", "-o", library, HERE / "library.c"], check=True)
    subprocess.run(["cc", "-O2", *without, "-Wl,--no-relax", "-fvisibility=hidden", "-o", inside, HERE / "program.c",
                    HERE / "library.c"], check=True)
    subprocess.run(["cc", "-O2", *without, "-o", outside, HERE / "program.c", library, f"-Wl,-rpath,{folder}"], check=True)
    return inside, outside


def settings(preload, recordings):
    return os.environ | ({"LD_PRELOAD": str(preload), "HANDLEGUARD_OUTPUT": str(recordings)} if preload else {})


def start(program, environment):
    """ms on a processor, which others that run do little to; private KiB of it all, and of code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run([program], check=True, env=environment, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used * 1e3, *map(int, out.split())


def rounds(program, variants, measure):
    """One of each in turn."""
    figures = {name: [] for name in variants}
    for _ in range(ROUNDS):
        for name, environment in variants.items():
            figures[name].append(measure(program, environment))
    return figures


def nanoseconds(program, environment):
    return float(subprocess.run([program, str(CALLS)], check=True, env=environment, capture_output=True, text=True).stdout)


def print_starts(folder, sizes, preload, recordings):
    variants = {"bare": settings(None, None), "guarded": settings(preload, recordings)}
    print("shape     MB of code   added ms of processor time (least, median)   added KiB, private   of these code")
    for megabytes in sizes:
        for shape in "marked", "plain":
            figures = rounds(build(folder, megabytes, shape), variants, start)
            least = [min(each[0] for each in figures[name]) for name in variants]
            middle = [statistics.median(each[0] for each in figures[name]) for name in variants]
            memory = [[statistics.median(each[at] for each in figures[name]) for name in variants] for at in (1, 2)]
            print(f"{shape:<9} {megabytes:>10} {least[1] - least[0]:>14.1f} {middle[1] - middle[0]:>9.1f} "
                  f"{memory[0][1] - memory[0][0]:>20.0f} {memory[1][1] - memory[1][0]:>15.0f}")


def print_calls(folder, preload, recordings):
    inside, outside = build_callers(folder)
    variants = {"bare": settings(None, None), "guarded": settings(preload, recordings)}
    for name, program in ("led to the guards in the program's code", inside), ("through the dynamic linker", outside):
        figures = {each: min(values) for each, values in rounds(program, variants, nanoseconds).items()}
        print(f"an op {name}: {figures['guarded']:.2f} ns, alone {figures['bare']:.2f} ns")


def main():
    build_folder, sizes = pathlib.Path(sys.argv[1]).resolve(), [int(word) for word in sys.argv[2:]] or [1, 5, 10, 50, 100]
    folder = build_folder / "linked"
    recordings = folder / "recordings"
    recordings.mkdir(parents=True, exist_ok=True)
    preload = folder / "linked-preload.so"
    subprocess.run([build_folder / "bin/handleguard", "manifest", "build", "-o", preload, HERE / "linked.yaml"], check=True)
    print_calls(folder, preload, recordings)
    print_starts(folder, sizes, preload, recordings)
    for recording in recordings.iterdir():
        recording.unlink()


main()
