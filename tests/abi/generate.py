"""Writes the matrix: signatures, the library's functions, the calls of them, and the manifest. Same input, same output."""

import pathlib
import random
import sys

from signature import (AARCH64, AT, BY_NAME, OUT, SCALARS, VECTORS, VOID, argument_number, bits_of, place, structs)

RANDOM = random.Random(20240229)
CLASSES = {"h": "ptr", "d": "ptr", "n": "i32", "b": "u8"}
YAML_TYPES = {"i8": "int8", "u8": "uint8", "i16": "int16", "u16": "uint16", "i32": "int32", "u32": "uint32", "i64": "int64",
              "u64": "uint64", "bool": "uint8", "ptr": "pointer", "f32": "float", "f64": "double"}
MOST_ARGUMENTS = 30
BASE_PARTS = 6


class Case:
    """One function. The handle is inserted among `types`; `fixed` is how many of them stand before an ellipsis."""

    def __init__(self, types, result, handle=None, role="op", handle_class="h", fixed=None, isa="base"):
        self.types, self.result, self.handle, self.role = list(types), result, handle, role
        self.handle_class, self.isa = handle_class, isa
        self.fixed = len(self.types) if fixed is None else fixed
        self.out = self.second = None
        if handle is not None:
            self.insert(handle, AT if role == "op_at" else BY_NAME[CLASSES[handle_class]])
        if role == "op_two":
            self.second = self.insert(self.fixed, BY_NAME["ptr"])
        if role == "create_out" or (role == "op" and RANDOM.random() < 0.3):
            self.out = self.insert(self.fixed, OUT)

    def insert(self, at, extra):
        self.types.insert(at, extra)
        self.fixed += 1
        return at

    def settle(self):
        """False if a manifest cannot name what the case needs, or gcc and clang do not agree about where it is."""
        self.places, self.stack = place(self.types, self.result)
        named = [i for i in (self.handle, self.second, self.out) if i is not None]
        in_memory = [t.name for t, (where, _) in zip(self.types, self.places) if where == "m"]
        disputed = "c32" in in_memory or "i128" in in_memory[:-1] or \
            ("i128" in in_memory and self.types[-1].name != "i128")
        return not disputed and len(self.types) <= MOST_ARGUMENTS + 2 and all(self.number(i) <= 30 for i in named)

    def number(self, argument):
        return argument_number(self.places[argument], self.result)


# --- signatures ---

def drawn(count, types):
    return [RANDOM.choice(types) for _ in range(count)]


def systematic(types):
    integer, number, real = BY_NAME["i32"], BY_NAME["i64"], BY_NAME["f64"]
    for count in range(MOST_ARGUMENTS):
        yield Case([RANDOM.choice([integer, number])] * count, number, count * 7 % (count + 1))
        yield Case([real] * count, real, count * 5 % (count + 1))
    for t in types:
        yield Case([t], t, 0)
        yield Case([t], integer, 1)
        yield Case([t] * 4, VOID, 2)
        yield Case([number] * 6 + [real] * 8 + [t], t, 0)
    for t in [t for t in types if t.fits_variadic()]:
        yield Case([t, t], t, 0, fixed=0)
    for handle in range(12):
        yield Case(drawn(handle, SCALARS[:10]) + drawn(3, types), RANDOM.choice(types), handle)


def mixed(types, count, isa="base"):
    roles = ["op"] * 6 + ["op_two", "op_at", "op_allowed", "free", "free", "free", "create", "create_out"]
    for i in range(count):
        size = RANDOM.choice([1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 30])
        role, handle_class = roles[i % len(roles)], RANDOM.choice(["h", "h", "d", "n", "n", "b"])
        if role in ("free", "op_at", "op_allowed", "op_two", "create_out") and handle_class in "db":
            handle_class = "h"
        handle = None if role.startswith("create") else RANDOM.randrange(min(size, 9) + 1)
        result = BY_NAME[CLASSES[handle_class]] if role == "create" else RANDOM.choice(types + [VOID] * 4)
        yield Case(drawn(size, types), result, handle, role, handle_class, isa=isa)


def variadic(types, count):
    for _ in range(count):
        fixed, rest = RANDOM.randrange(4), RANDOM.choice([1, 2, 5, 9, 16])
        yield Case(drawn(fixed, types) + drawn(rest, [t for t in types if t.fits_variadic()]), RANDOM.choice(types),
                   RANDOM.randrange(fixed + 1), fixed=fixed)


def all_cases(all_structs):
    types = SCALARS + all_structs
    yield from systematic(types)
    yield from mixed(types, 150)
    yield from mixed(SCALARS, 60)
    yield from variadic(types, 40)
    for isa, vector in VECTORS.items():
        yield Case([vector], vector, 0, isa=isa)
        yield Case([vector] * 12, vector, 3, isa=isa)
        yield Case([BY_NAME["i64"]] * 7 + [vector] * 9, BY_NAME["i32"], 7, isa=isa)
        yield Case([vector] * 9 + [BY_NAME["i8"]], vector, 9, "free", isa=isa)
        yield from mixed([vector] * 8 + types, 28, isa)


# --- what a turned-away call returns ---

def reject_of(case):
    """(text for the manifest, bits, bytes of the result that they fill, errno's name)"""
    result = case.result
    if case.zeroed:
        return "", 0, result.size, None
    if result.size == 0 or result.leaves[0][1] == "LONG_DOUBLE":
        return "", 0, 0, None
    kind = result.leaves[0][1] if result.name in YAML_TYPES else "DOUBLE" if result.classes[0] == "s" else "BYTES"
    value = -2.5 if kind in ("DOUBLE", "FLOAT") else 1 if kind == "BOOL" else 0 if result.name == "ptr" else 77
    if result.name in ("i8", "i16", "i32", "i64"):
        value = -7
    error = RANDOM.choice([None, None, "EPIPE", "ENODEV"])
    text = f"{{value: {value}, errno: {error}}}" if error else str(value)
    # A second register of the same kind is zero; of the other kind, unspecified.
    sure = result.size if result.classes in ("i", "s", "ii", "ss") and result.align <= 16 else 8
    if AARCH64 and len(result.classes) > 1 and result.classes[0] == "s":
        sure = result.leaves[0][2]  # each member has a register of its own
    return text, bits_of(kind, value), min(sure, 16), error


# --- C ---

def declaration(case, name, named=True):
    fixed = case.types[:case.fixed]
    arguments = ", ".join(t.spelling + (f" a{i}" if named else "") for i, t in enumerate(fixed)) or "void"
    return f"{case.result.spelling} {name}({arguments}{', ...' if case.fixed < len(case.types) else ''})"


def write_types(folder, all_structs):
    named = SCALARS + all_structs + [AT, OUT]
    lines = ["#include \"values.h\"", ""]
    lines += [s.definition for s in all_structs]
    lines += [f"static_assert(sizeof(struct {s.name}) == {s.size}, \"layout\");" for s in all_structs]
    lines += [f"extern const struct abi_leaf abi_leaves_{t.name}[];" for t in named + list(VECTORS.values())]
    (folder / "types.h").write_text("\n".join(lines) + "\n")
    lines = ["#include \"types.h\"", ""]
    for t in named + list(VECTORS.values()):
        leaves = ", ".join(f"{{{offset}, ABI_{kind}, {size}}}" for offset, kind, size in t.leaves)
        lines.append(f"const struct abi_leaf abi_leaves_{t.name}[] = {{{leaves}, {{0, 0, 0}}}};")
    (folder / "types.c").write_text("\n".join(lines) + "\n")


def body(case):
    lines = ["\tstruct abi_seen *seen = abi_enter(__builtin_frame_address(0));"]
    lines += [f"\tabi_see(seen, &a{i}, abi_leaves_{t.name});" for i, t in enumerate(case.types[:case.fixed])]
    if case.fixed < len(case.types):
        lines += ["\tva_list list;", f"\tva_start(list, a{case.fixed - 1});"]
        for i, t in list(enumerate(case.types))[case.fixed:]:
            lines += [f"\t{t.spelling} a{i} = va_arg(list, {t.spelling});",
                      f"\tabi_see(seen, &a{i}, abi_leaves_{t.name});"]
        lines.append("\tva_end(list);")
    lines.append("\tabi_stay(seen);")
    if case.out is not None:
        lines.append(f"\tabi_put(seen, a{case.out});")
    if case.result is not VOID:
        lines += [f"\t{case.result.spelling} result;", f"\tabi_answer(seen, &result, abi_leaves_{case.result.name});",
                  "\treturn result;"]
    return lines


def write_library(folder, part, cases):
    lines = ["#include \"library.h\"", "#include \"types.h\"", ""]
    for case in cases:
        own = "own_" + case.name
        lines += ["static " + declaration(case, own), "{", *body(case), "}", "",
                  f"{declaration(case, case.name)} __attribute__((alias(\"{own}\")));", ""]
    # Their own addresses: through the exported names they would be those of the stubs.
    lines += [f"extern void *const abi_own_{part}[];", f"void *const abi_own_{part}[] = {{"]
    lines += [f"\t(void *)own_{case.name}," for case in cases] + ["};"]
    (folder / f"library_{part}.c").write_text("\n".join(lines) + "\n")


def offset_of(case, argument):
    return "-1" if argument is None else f"offsetof(struct {case.name}_arguments, a{argument})"


def write_calls(folder, part, isa, cases):
    lines = ["#include \"matrix.h\"", "#include \"types.h\"", "", f"extern void *const abi_own_{part}[];", ""]
    table = []
    for index, case in enumerate(cases):
        name, count = case.name, len(case.types)
        returned = "" if case.result is VOID else f"*({case.result.spelling} *)result = "
        values = ", ".join(f"a->a{i}" for i in range(count))
        pointer = declaration(case, "(*)", False)
        lines += [f"struct {name}_arguments {{", *(f"\t{t.spelling} a{i};" for i, t in enumerate(case.types)), "};",
                  f"static_assert(sizeof(struct {name}_arguments) <= ABI_ARGUMENTS_SIZE, \"room\");",
                  declaration(case, name) + ";",
                  f"static void call_{name}(bool bare, const void *arguments, void *result)", "{",
                  f"\tconst struct {name}_arguments *a = arguments;", "\t(void)a, (void)result;",
                  f"\tif (bare)\n\t\t{returned}(({pointer})abi_own_{part}[{index}])({values});",
                  f"\telse\n\t\t{returned}{name}({values});", "}",
                  f"static const struct abi_field fields_{name}[] = {{",
                  *(f"\t{{{offset_of(case, i)}, abi_leaves_{t.name}}}," for i, t in enumerate(case.types)),
                  "\t{0, NULL}};", ""]
        _, bits, size, error = case.reject
        table.append(f"\t{{\"{name}\", call_{name}, fields_{name}, "
                     f"{'NULL' if case.result is VOID else 'abi_leaves_' + case.result.name}, "
                     f"ABI_{case.role.upper()}, ABI_CLASS_{case.handle_class.upper()}, {offset_of(case, case.handle)}, "
                     f"{'true' if case.out is not None else 'false'}, {size}, {error or 0}, {bits:#x}}},")
    lines += [f"const struct abi_case abi_cases_{part}[] = {{", *table, "};",
              f"const struct abi_part abi_part_{part} = {{abi_cases_{part}, {len(cases)}, ABI_ISA_{isa.upper()}}};"]
    (folder / f"calls_{part}.c").write_text("\n".join(lines) + "\n")


def write_parts(folder, count):
    lines = [f"enum {{ ABI_PARTS = {count} }};"]
    lines += [f"extern const struct abi_part abi_part_{part};" for part in range(count)]
    listed = ", ".join(f"&abi_part_{part}" for part in range(count))
    lines.append(f"static const struct abi_part *const abi_parts[ABI_PARTS] = {{{listed}}};")
    (folder / "parts.h").write_text("\n".join(lines) + "\n")


# --- the manifest ---

def manifest_entry(case):
    result = case.result
    returns = "void" if not case.reject[2] else "struct" if case.zeroed else \
        YAML_TYPES.get(result.name, "double" if result.classes[0] == "s" else "int64")
    keys = [f"stack_bytes: {case.stack}", f"sret: {result.size}" if result.in_memory_as_result() else f"returns: {returns}"]
    handle_class, number = case.handle_class, case.number
    if case.role == "op_at":
        keys.append(f"op: {{{handle_class}: \"*{number(case.handle)}\"}}")
    elif case.role == "op_two":
        both = {handle_class: [number(case.handle)]}
        both.setdefault("h", []).append(number(case.second))
        keys.append("op: {" + ", ".join(f"{c}: {numbers}" for c, numbers in both.items()) + "}")
    elif case.handle is not None:
        keys.append(f"{'free' if case.role == 'free' else 'op'}: {{{handle_class}: {number(case.handle)}}}")
    if case.role == "op_allowed":
        keys.append("while_freeing: allow")
    if case.role == "create":
        keys.append(f"create: {handle_class}")
    if case.role == "create_out":
        keys.append(f"create: {handle_class}, from: \"*{number(case.out)}\"")
    elif case.out is not None:
        keys.append(f"zero: [{{arg: {number(case.out)}, bytes: 8}}]")
    if case.reject[0]:
        keys.append("reject: " + case.reject[0])
    return f"  {case.name}: {{{', '.join(keys)}}}"


def write_manifest(folder, cases, more):
    (folder / "abi.yaml").write_text(more.read_text() + "\n".join(manifest_entry(case) for case in cases) + "\n")


def main():
    folder, more = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    all_structs = structs(RANDOM)
    cases = [case for case in all_cases(all_structs) if case.settle()]
    for i, case in enumerate(cases):
        case.name = f"abi_{i}_{case.role}"
        # Structs come back as zeros, from registers if the manifest says so.
        case.zeroed = case.result.in_memory_as_result() or \
            (case.result.kind == "struct" and case.result.name != "s_ld" and i % 2 == 0)
        case.reject = reject_of(case)
    base = [case for case in cases if case.isa == "base"]
    parts = [("base", base[i::BASE_PARTS]) for i in range(BASE_PARTS)]
    parts += [(isa, [case for case in cases if case.isa == isa]) for isa in VECTORS]
    write_types(folder, all_structs)
    for number, (isa, of_part) in enumerate(parts):
        write_library(folder, number, of_part)
        write_calls(folder, number, isa, of_part)
    write_parts(folder, len(parts))
    write_manifest(folder, cases, more)


main()
