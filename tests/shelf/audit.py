#!/usr/bin/env python3
"""Hold a ready-made manifest against the real header and the real library.

usage: audit.py MANIFEST.yaml AUDIT.yaml LIBRARY.so [INCLUDE-DIRECTORY]

The header is parsed by clang and the exported symbols are read by nm, so what the manifest forgot, and what it says
wrongly (an argument's number, a result's type, the bytes of stack arguments), is found without believing the manifest.
AUDIT.yaml holds what no header says; each thing left out stands there with its reason. Exit status: 0 the manifest is
complete and right, 1 it is not (a line for each thing), 2 the audit could not be done.
"""
import json
import os
import re
import subprocess
import sys

import yaml

REGISTER_ARGUMENTS = 6
VECTOR_ARGUMENTS = 8
WORD = 8
VARIADIC_STACK = 64
SIZES = {"char": 1, "short": 2, "int": 4, "long": 8, "long long": 8, "float": 4, "double": 8}
RETURNS = {"int": "int32", "long": "int64"}


class StrictLoader(yaml.SafeLoader):
    """PyYAML keeps the last of two equal keys without a word."""


def strict_map(loader, node):
    result = {}
    for key_node, value_node in node.value:
        # 'null' is a key of a manifest's, not a key that is none.
        key = key_node.value if key_node.value == "null" else loader.construct_object(key_node, deep=True)
        if key in result:
            raise yaml.constructor.ConstructorError(None, None, f"'{key}' stands here twice", key_node.start_mark)
        result[key] = loader.construct_object(value_node, deep=True)
    return result


StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, strict_map)


def load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.load(file, Loader=StrictLoader)


class Header:
    """The functions that a header declares, with typedefs resolved."""

    def __init__(self, audit, directory, include):
        command = [os.environ.get("CLANG", "clang"), "-fsyntax-only", "-w", "-Xclang", "-ast-dump=json", "-x", "c"]
        command += ["-D" + name for name in audit.get("defines", [])]
        command += ["-I" + include] if include else []
        command.append(os.path.join(directory, audit["header"]))
        tree = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        self.typedefs, self.functions = {}, {}
        pattern = re.compile(audit["functions"])
        for node in tree["inner"]:
            if node["kind"] == "TypedefDecl":
                self.typedefs[node["name"]] = node["type"]["qualType"]
            elif node["kind"] == "FunctionDecl" and pattern.fullmatch(node["name"]):
                self.functions[node["name"]] = Function(node, self)

    def resolve(self, spelling):
        """The base name without qualifiers, and the number of stars; a pointer to a function is ('function', 1)."""
        stars = 0
        while True:
            if "(*)" in spelling:
                return "function", 1
            stars += spelling.count("*")
            base = re.sub(r"\b(const|volatile|restrict|struct|union|enum)\b|[*]", " ", spelling)
            base = " ".join(base.split())
            target = self.typedefs.get(base)
            if not target or re.sub(r"^(struct|union|enum) ", "", target) == base:
                return base, stars
            if "(" in target:
                return "function", stars + ("(*)" in target)
            spelling = target


class Parameter:
    def __init__(self, name, spelling, header):
        self.name = name
        self.base, self.stars = header.resolve(spelling)
        self.declared = " ".join(re.sub(r"\b(const|struct)\b|[*]", " ", spelling).split())
        self.floating = self.stars == 0 and self.base in ("float", "double")


class Function:
    def __init__(self, node, header):
        self.name = node["name"]
        self.variadic = node.get("variadic", False)
        parameters = [Parameter(p.get("name", ""), p["type"]["qualType"], header)
                      for p in node.get("inner", []) if p["kind"] == "ParmVarDecl"]
        floating = [p for p in parameters if p.floating]
        self.arguments = [p for p in parameters if not p.floating]
        self.result = Parameter("", node["type"]["qualType"].split("(")[0], header)
        spilled = max(0, len(self.arguments) - REGISTER_ARGUMENTS) + max(0, len(floating) - VECTOR_ARGUMENTS)
        self.stack_bytes = WORD * spilled

    def returns(self):
        """The result's type in the manifest's words."""
        if self.result.stars:
            return "pointer"
        base = self.result.base
        if base in ("void", "float", "double"):
            return base
        name = re.sub(r"\b(un)?signed\b", "", base).strip() or "int"
        name = re.sub(r" int$", "", " ".join(name.split()))
        return ("uint" if "unsigned" in base else "int") + str(8 * SIZES[name])


class Audit:
    def __init__(self, manifest, audit, header, exported):
        self.manifest, self.audit, self.header, self.exported = manifest, audit, header, exported
        self.problems = []
        self.left_out = {name: why for why, names in audit.get("unguarded", {}).items() for name in names}
        self.elsewhere = {name: why for why, names in audit.get("elsewhere", {}).items() for name in names}
        self.unknown = set()

    def problem(self, name, text):
        self.problems.append(f"{name}: {text}")

    def handle_class(self, function, index):
        """The class of the handle that an argument carries or points to, or None."""
        argument = function.arguments[index]
        if "types" in self.audit:
            return self.class_of_type(function, argument)
        if argument.base != "void" or not argument.stars:
            return None
        classes, excused = self.audit["parameters"], self.audit["no_handles"]
        for key in (f"{function.name}.{index}", argument.name):
            if key in classes:
                return classes[key]
        if argument.name not in excused:
            self.unknown.add(f"{function.name}: nothing says whether its argument {index}, '{argument.name}', is a handle")
        return None

    def class_of_type(self, function, parameter):
        if not parameter.stars:
            return None
        if parameter.declared in self.audit["types"]:
            return self.audit["types"][parameter.declared]
        opaque = parameter.base not in SIZES and re.match("sqlite3_", parameter.base)
        if opaque and parameter.base not in self.audit["no_handles"]:
            self.unknown.add(f"{function.name}: nothing says whether '{parameter.base}' is a handle")
        return None

    def result_class(self, function):
        if "types" in self.audit:
            return self.class_of_type(function, function.result)
        if function.returns() != "pointer" or function.result.base != "void":
            return None
        if function.name not in self.audit["returns"]:
            self.unknown.add(f"{function.name}: nothing says whether what it returns is a handle")
        return self.audit["returns"].get(function.name)

    def expected(self, function):
        """(uses, makes): {(class, argument)} carried by value, {(class, argument or 'return')} through a pointer."""
        uses, makes = set(), set()
        for index, argument in enumerate(function.arguments):
            name = self.handle_class(function, index)
            if name and index not in self.audit.get("lent", {}).get(function.name, []):
                (uses if argument.stars == 1 else makes).add((name, index))
            name = self.audit.get("elements", {}).get(f"{function.name}.{index}")
            if name:
                uses.add((name, element(index)))
        name = self.result_class(function)
        if name:
            makes.add((name, "return"))
        if function.name in self.audit.get("lookups", []):
            makes = set()
        return uses, makes

    def check_function(self, name, entry):
        function = self.header.functions[name]
        uses, makes = self.expected(function)
        said = said_uses(entry)
        indirect = {(c, int(a[1:])) for c, a in said if isinstance(a, str)}
        direct = {(c, element(a["array"]) if isinstance(a, dict) else a) for c, a in said if not isinstance(a, str)}
        created = said_makes(entry)
        if direct != uses:
            self.problem(name, f"uses {show(direct)}, but the header says {show(uses)}")
        if created | indirect != makes:
            self.problem(name, f"hands out {show(created | indirect)}, but the header says {show(makes)}")
        self.check_result(name, entry, function)
        self.check_stack(name, entry, function)
        self.check_zeros(name, entry, function, created)

    def check_result(self, name, entry, function):
        creates = [m for m in makes_of(entry) if m.get("from", "return") == "return"]
        said = entry.get("returns", "pointer" if creates else "int")
        said = RETURNS.get(said, said)
        if said != function.returns():
            self.problem(name, f"returns {said}, but the header says {function.returns()}")
        if "op" not in entry and "free" not in entry:
            return
        reject = entry.get("reject", self.inherited_reject(entry))
        value = reject.get("value") if isinstance(reject, dict) else reject
        if function.returns() == "pointer" and value not in (None, "null", 0):
            self.problem(name, f"a turned-away call returns the pointer {value}")
        inherited = "reject" not in entry and function.returns() not in ("void", "int32")
        if inherited and value and function.returns() != "int64":
            self.problem(name, f"inherits the reject value {value} of its class, but returns {function.returns()}")
        if function.returns() == "void" and "reject" in entry:
            self.problem(name, "has a reject value, but returns nothing")

    def inherited_reject(self, entry):
        classes = [c for c, _ in said_uses(entry)]
        return self.manifest["classes"][classes[0]].get("reject", 0) if classes else 0

    def check_stack(self, name, entry, function):
        said = entry.get("stack_bytes", self.manifest.get("defaults", {}).get("stack_bytes", 64))
        if function.variadic and said < max(VARIADIC_STACK, function.stack_bytes):
            self.problem(name, f"is variadic, but hands on only {said} bytes of stack arguments")
        elif not function.variadic and said != function.stack_bytes:
            self.problem(name, f"hands on {said} bytes of stack arguments, but the header says {function.stack_bytes}")

    def check_zeros(self, name, entry, function, created):
        zeroed = {zero["arg"] for zero in entry.get("zero", [])}
        for zero in entry.get("zero", []):
            argument = function.arguments[zero["arg"]]
            size = WORD if argument.stars > 1 else SIZES.get(re.sub(r"^unsigned ", "", argument.base))
            if not argument.stars or size != zero["bytes"]:
                self.problem(name, f"zeroes {zero['bytes']} bytes at argument {zero['arg']}, which holds {size}")
        if "op" in entry:
            for class_name, where in created:
                if where != "return" and where not in zeroed:
                    self.problem(name, f"leaves a stale {class_name} at argument {where} when it is rejected")
            for index, argument in enumerate(function.arguments):
                if argument.base == "char" and argument.stars == 2 and index not in zeroed and is_error(argument.name):
                    self.problem(name, f"leaves a stale error message at argument {index} when it is rejected")

    def check_lists(self):
        listed = self.manifest["functions"]
        for name in sorted(listed):
            if name not in self.header.functions:
                self.problem(name, "is in the manifest, but no header declares it")
            elif name not in self.exported and name not in self.elsewhere:
                self.problem(name, "is in the manifest, but the library does not export it")
        for name, why in sorted(self.elsewhere.items()):
            if name not in listed:
                self.problem(name, f"is said to be found elsewhere ({why}), but the manifest does not name it")
        for name, why in sorted(self.left_out.items()):
            if name in listed or name not in self.header.functions:
                self.problem(name, f"is said to be left out ({why}), but it is {'listed' if name in listed else 'unknown'}")
        pattern = re.compile(self.audit["functions"])
        for name in sorted(self.exported):
            if pattern.fullmatch(name) and name not in self.header.functions and name not in self.audit["undeclared"]:
                self.problem(name, "is exported, but no header declares it: say what it is")

    def check_missing(self):
        for name, function in sorted(self.header.functions.items()):
            uses, makes = self.expected(function)
            if name in self.manifest["functions"] or name in self.left_out:
                continue
            if uses or makes:
                self.problem(name, f"is not in the manifest, but uses {show(uses)} and hands out {show(makes)}")

    def check_classes(self):
        entries = self.manifest["functions"].values()
        created = {c for entry in entries for c, _ in said_makes(entry)}
        freed = {c for entry in entries for c in entry.get("free", {})}
        for name in self.manifest["classes"]:
            if name not in created:
                self.problem(name, "is a class that nothing creates")
            if name not in freed:
                self.problem(name, "is a class that nothing frees")

    def run(self):
        self.check_lists()
        self.check_missing()
        self.check_classes()
        for name, entry in self.manifest["functions"].items():
            if name in self.header.functions:
                self.check_function(name, entry)
        return self.problems + sorted(self.unknown)


def is_error(name):
    return bool(re.search("err", name, re.IGNORECASE))


def as_list(value):
    return value if isinstance(value, list) else [value]


def element(argument):
    return f"in an array at {argument}"


def said_uses(entry):
    roles = list(entry.get("op", {}).items()) + list(entry.get("free", {}).items())
    return [(c, argument) for c, arguments in roles for argument in as_list(arguments)]


def makes_of(entry):
    create = entry.get("create", [])
    return create if isinstance(create, list) else [dict(entry, **{"class": create})]


def said_makes(entry):
    makes = set()
    for make in makes_of(entry):
        where = make.get("from", "return")
        makes.add((make["class"], where if where == "return" else int(where[1:])))
    return makes


def show(pairs):
    return ", ".join(f"{c} {a}" for c, a in sorted(pairs, key=str)) or "nothing"


def exports(library):
    lines = subprocess.run(["nm", "-D", "--defined-only", library], check=True, stdout=subprocess.PIPE, text=True).stdout
    fields = (line.split() for line in lines.splitlines())
    return {f[2].split("@")[0] for f in fields if len(f) == 3 and f[1] in "TWi"}


def audit(manifest_path, audit_path, library, include=None):
    rules = load(audit_path)
    header = Header(rules, os.path.dirname(os.path.abspath(audit_path)), include)
    return Audit(load(manifest_path), rules, header, exports(library)).run()


def main(arguments):
    if len(arguments) not in (3, 4):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        problems = audit(*arguments)
    except (OSError, subprocess.CalledProcessError, yaml.YAMLError) as error:
        print(f"audit.py: {error}", file=sys.stderr)
        return 2
    for line in problems:
        print(f"{arguments[0]}: {line}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
