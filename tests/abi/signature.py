"""Types of C, and where the System V ABI for x86-64 puts arguments of them; or AAPCS64, if ABI_MACHINE is aarch64."""

import os
import struct

AARCH64 = os.environ.get("ABI_MACHINE") == "aarch64"


class Type:
    """A C type: its leaves are what holds values, as (offset, kind, bytes); kind names an ABI_... of values.h."""

    def __init__(self, name, spelling, size, align, classes, leaves, kind="scalar"):
        self.name, self.spelling, self.size, self.align = name, spelling, size, align
        self.classes = classes  # one a register: "i" or "s"; "m": in memory; "p": a copy in memory, by its address
        self.leaves, self.kind = leaves, kind

    def in_memory_as_result(self):
        return self.kind == "struct" and self.classes in ("m", "p") and self.name != "s_ld"

    def fits_variadic(self):
        """Not changed by the default promotions; f128 neither, which clang 14 passes in a register and takes from memory."""
        return self.name not in ("i8", "u8", "i16", "u16", "bool", "f32", "f128") and self.align <= 16


def scalar(name, spelling, size, classes, kind="BYTES", **more):
    return Type(name, spelling, size, size, classes, [(0, kind, size)], **more)


SCALARS = [
    scalar("i8", "int8_t", 1, "i"), scalar("u8", "uint8_t", 1, "i"),
    scalar("i16", "int16_t", 2, "i"), scalar("u16", "uint16_t", 2, "i"),
    scalar("i32", "int32_t", 4, "i"), scalar("u32", "uint32_t", 4, "i"),
    scalar("i64", "int64_t", 8, "i"), scalar("u64", "uint64_t", 8, "i"),
    scalar("bool", "bool", 1, "i", "BOOL"), scalar("ptr", "void *", 8, "i"),
    scalar("f32", "float", 4, "s", "FLOAT"), scalar("f64", "double", 8, "s", "DOUBLE"),
    scalar("ld", "long double", 16, "m", "LONG_DOUBLE"),
    scalar("i128", "abi_i128", 16, "ii"), scalar("f128", "__float128", 16, "s"),
    Type("c32", "_Complex float", 8, 4, "s", [(0, "FLOAT", 4), (4, "FLOAT", 4)]),
    Type("c64", "_Complex double", 16, 8, "ss", [(0, "DOUBLE", 8), (8, "DOUBLE", 8)]),
    Type("cld", "_Complex long double", 32, 16, "m", [(0, "LONG_DOUBLE", 16), (16, "LONG_DOUBLE", 16)]),
    scalar("v128", "__m128i", 16, "s", kind="BYTES"),
]
if AARCH64:
    SCALARS = [t for t in SCALARS if t.name != "f128"]
    for t in SCALARS:
        t.spelling = t.spelling.replace("__m128i", "abi_v128")
        t.classes = t.classes.replace("m", "s") * (2 if t.name in ("c32", "cld") else 1)
VECTORS = {} if AARCH64 else {"avx": scalar("v256", "__m256i", 32, "s"), "avx512": scalar("v512", "__m512i", 64, "s")}
VOID = Type("void", "void", 0, 1, "", [])
# Pointers that the test fills in itself: where a handle stands, and where one is to be put.
AT = scalar("at", "void *", 8, "i", "AT")
OUT = scalar("out", "void *", 8, "i", "OUT")
BY_NAME = {t.name: t for t in SCALARS}


def classify(size, leaves):
    if AARCH64:
        alike = len({kind for _, kind, _ in leaves}) == 1 and leaves[0][1] in ("FLOAT", "DOUBLE", "LONG_DOUBLE")
        if alike and len(leaves) <= 4:
            return "s" * len(leaves)
        return "p" if size > 16 else "i" * -(-size // 8)
    if size > 16 or any(kind == "LONG_DOUBLE" for _, kind, _ in leaves):
        return "m"
    halves = [[kind for offset, kind, length in leaves if offset < half + 8 and half < offset + length]
              for half in range(0, size, 8)]
    return "".join("s" if all(kind in ("FLOAT", "DOUBLE") for kind in half) else "i" for half in halves)


def aggregate(name, members, align=1):
    """A struct of scalars by name; its spelling, with the definition in .definition."""
    size, leaves = 0, []
    for member in (BY_NAME[m] for m in members):
        size = -(-size // member.align) * member.align
        leaves += [(size + offset, kind, length) for offset, kind, length in member.leaves]
        size += member.size
        align = max(align, member.align)
    size = -(-size // align) * align
    result = Type(name, "struct " + name, size, align, classify(size, leaves), leaves, "struct")
    fields = " ".join(f"{BY_NAME[m].spelling} m{i};" for i, m in enumerate(members))
    result.definition = f"struct {name} {{ _Alignas({align}) {fields} }};"
    return result


def structs(random):
    fixed = ["i8", "i8 i8 i8", "i16 i8", "i32", "i32 i32 i32", "i64 i64", "ptr u64", "f32", "f32 f32", "f32 f32 f32",
             "f32 f32 f32 f32", "f64", "f64 f64", "i64 f64", "f64 i64", "f32 i32", "i32 f32 f64", "f64 f32 i32",
             "f32 f32 i64", "i64 i64 i64", "f64 f64 f64", "i8 f64", "i128", "c32 c32", "c64", "ptr ptr ptr ptr ptr",
             "i64 ld", "cld"]
    drawn = [" ".join(random.choice(["i8", "i16", "i32", "i64", "f32", "f64", "ptr"])
                      for _ in range(random.choice([1, 2, 2, 3, 3, 4, 6, 9]))) for _ in range(24)]
    result = [aggregate(f"s{i}", members.split()) for i, members in enumerate(fixed + drawn)]
    result.append(aggregate("s_ld", ["ld"]))
    result += [aggregate("s_a32", ["i64"] * 4, 32), aggregate("s_a64", ["f64", "i64"], 64)]
    return result


def place(types, result):
    """Where each argument is: ("i", register), ("s", register) or ("m", offset on the stack); and the stack's size."""
    if AARCH64:
        return place_aapcs64(types)
    used, most = {"i": 1 if result.in_memory_as_result() else 0, "s": 0}, {"i": 6, "s": 8}
    places, stack = [], 0
    for t in types:
        if "m" not in t.classes and all(used[c] + t.classes.count(c) <= most[c] for c in "is"):
            places.append((t.classes[0], used[t.classes[0]]))
            for c in t.classes:
                used[c] += 1
            continue
        align = max(8, t.align)
        stack = -(-stack // align) * align
        places.append(("m", stack))
        stack += -(-t.size // 8) * 8
    return places, stack


def place_aapcs64(types):
    """Once an argument has gone to the stack, all later ones of its kind of register follow it."""
    used, places, stack = {"i": 0, "s": 0}, [], 0
    for t in types:
        classes, size, align = ("i", 8, 8) if t.classes == "p" else (t.classes, t.size, min(max(8, t.align), 16))
        register = classes[0]
        if register == "i" and align == 16:
            used["i"] += used["i"] % 2
        if used[register] + len(classes) <= 8:
            places.append((register, used[register]))
            used[register] += len(classes)
            continue
        used[register] = 8
        stack = -(-stack // align) * align
        places.append(("m", stack))
        stack += -(-size // 8) * 8
    return places, stack


def argument_number(place, result):
    """How a manifest counts it: a register, or behind the last the words on the stack; the builder adds the hidden one."""
    where, index = place
    if AARCH64:
        return index if where == "i" else 8 + index // 8
    return (index if where == "i" else 6 + index // 8) - (1 if result.in_memory_as_result() else 0)


def bits_of(kind, value):
    if kind in ("FLOAT", "DOUBLE"):
        return int.from_bytes(struct.pack("<f" if kind == "FLOAT" else "<d", value), "little")
    return value & (1 << 64) - 1
