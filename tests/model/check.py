#!/usr/bin/env python3
"""Checks the models of the guard protocol with spin, and that they are of the code as it stands.

Usage: check.py              check everything
       check.py --accept     say that the model has been compared with the functions that it models, as they are now

Each way of running a model must hold, and each mutant, which lacks one step of the protocol, must fail: so the model is
known to need that step. modelled.txt names the functions of the code that the model's parts model, each with a digest of its
text: where one has changed, compare, change the model if it must be changed, and accept.
"""
import concurrent.futures
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
TABLE = HERE / "modelled.txt"

HOLDS = ["", "OPS=3", "FREES=2", "ALLOWED", "FULL", "FULL DEFER", "DEFER", "ALLOWED DEFER", "DEADLINE",
         "DEADLINE OUTLASTS", "FREES=2 DEADLINE OUTLASTS", "ALLOWED DEADLINE OUTLASTS", "FAMILY DEADLINE OUTLASTS",
         "PRIVATE", "FAMILY", "FAMILY DEFER", "OPS=1 ATTACHED", "OPS=1 ATTACHED DETACHED", "OPS=1 ATTACHED DEFER", "FULL_FENCE", "OPS=1 WAKER", "OPS=1 WAKER DEFER",
         "OPS=1 WAKER DEADLINE", "OPS=1 WAKER DEADLINE OUTLASTS"]
BROKEN = "assertion violated"
STUCK = "invalid end state"
# Of each mutant: how the model is run (by |, in each of these ways), and how that must end.
MUTANTS = {
    "NO_HEAVY_FENCE": ("", BROKEN),
    "NO_LIGHT_FENCE": ("FULL_FENCE", BROKEN),
    "NOT_LOOKED_AGAIN": ("", BROKEN),
    "NOT_WOKEN": ("", STUCK),
    "REFUSED_TELLS_NOBODY": ("", STUCK),
    "WAKE_LOADED_LATE": ("", STUCK),
    "NOT_WALKED": ("", BROKEN),
    "INSPECTING_LATE": ("", BROKEN),
    "SWAP_BY_STORE": ("FREES=2", BROKEN),
    "FRAMELESS_NOT_COUNTED": ("ALLOWED", BROKEN),
    "NOT_SCANNED_AGAIN": ("DEFER|DEADLINE OUTLASTS", BROKEN),
    "PUBLISHED_LATE": ("DEFER|DEADLINE OUTLASTS", BROKEN),
    "FREED_AFTER_DEADLINE": ("DEADLINE", BROKEN),
    "LEAKED_ALL_THE_SAME": ("DEADLINE OUTLASTS", BROKEN),
    "FREED_THOUGH_LEFT": ("DEADLINE OUTLASTS", BROKEN),
    "WAKER_NOT_COUNTED": ("OPS=1 WAKER|OPS=1 WAKER DEFER", BROKEN),
    "WOKEN_ONCE": ("OPS=1 WAKER", STUCK),
    "NOT_SHARED": ("PRIVATE", BROKEN),
    "NOT_MARKED": ("FAMILY", BROKEN),
    "NOT_WATCHED": ("FAMILY", STUCK),
    "NO_FENCE_AFTER_WATCHED": ("FAMILY", STUCK),
    "SCANNED_WHILE_TYING": ("OPS=1 ATTACHED", BROKEN),
    "TIED_UNSEEN": ("OPS=1 ATTACHED", BROKEN),
    "NO_FENCE_AFTER_TIED": ("OPS=1 ATTACHED", BROKEN),
    "LOOSE_FORGOTTEN": ("OPS=1 ATTACHED DETACHED", BROKEN),
}
MODELS = {
    "guard.pml": (HOLDS, MUTANTS),
    "turns.pml": ([""], {
        "NO_VERSION": ("OPS=3", BROKEN),
        "NOT_LOOKED": ("", BROKEN),
        "NOT_RENEWED": ("", BROKEN),
    }),
    "owner.pml": ([""], {
        "OWNER_FIRST": ("", BROKEN),
        "OWNER_NOT_ASKED": ("", BROKEN),
        "NO_HEAVY_FENCE": ("", BROKEN),
    }),
}


# --- the code ---

def digest(path, function):
    """Of a function's text without comments and space; null: there is none of that name."""
    text = (TOP / path).read_text(encoding="utf-8")
    found = re.search(rf"^[a-z][^;{{}}=]*\b{function}\([^;{{}}]*\)\n{{.*?^}}", text, re.MULTILINE | re.DOTALL)
    if not found:
        return None
    bare = re.sub(r"/\*.*?\*/", "", found[0], flags=re.DOTALL)
    return hashlib.sha256("".join(bare.split()).encode()).hexdigest()[:12]


def rows():
    """Of modelled.txt: comments as they are, else file, function, digest, parts of the model."""
    return [line if line.startswith("#") or not line else line.split(None, 3)
            for line in TABLE.read_text(encoding="utf-8").splitlines()]


def changed():
    """What in the code the model was not compared with."""
    faults = []
    for row in rows():
        if isinstance(row, str):
            continue
        path, function, known, parts = row
        now = digest(path, function)
        if not now:
            faults.append(f"{path} has no function {function} any more, which is modelled by {parts}")
        elif now != known:
            faults.append(f"{function} in {path} has changed; compare it with {parts} in tests/model, and then "
                          "run tests/model/check.py --accept")
    return faults


def accept():
    """Writes the digests of the functions as they are now."""
    lines = [row if isinstance(row, str) else f"{row[0]:<20} {row[1]:<24} {digest(row[0], row[1])} {row[3]}"
             for row in rows()]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


# --- the model ---

def run(*command, folder):
    """What a command prints; it must succeed."""
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {result.stdout}{result.stderr}")
    return result.stdout


def outcome(model, defines):
    """Of one way of running a model: empty if it holds, else what spin says against it."""
    with tempfile.TemporaryDirectory() as folder:
        run("spin", *(f"-D{each}" for each in defines.split()), "-a", HERE / model, folder=folder)
        run("gcc", "-w", "-DSAFETY", "-DCOLLAPSE", "-o", "pan", "pan.c", folder=folder)
        told = run("./pan", "-m100000", folder=folder)
    fault = re.search(r"^pan:1: (.*?) \(at depth", told, re.MULTILINE)
    if fault or "errors: 0" not in told or "max search depth too small" in told:
        return fault[1] if fault else told
    return ""


def check(model, name, defines, expected):
    """What is wrong with one outcome; empty: nothing."""
    found = outcome(model, defines)
    if found.startswith(expected) if expected else not found:
        return ""
    return f"{model}, {name}: found '{found or 'that it holds'}', expected '{expected or 'that it holds'}'"


def ways_of(model):
    """All ways of running it, and what must come of each."""
    holds, mutants = MODELS[model]
    ways = [(model, way or "as it is", way, "") for way in holds]
    return ways + [(model, f"mutant {name}", f"{way} MUTANT_{name}", expected)
                   for name, (several, expected) in mutants.items() for way in several.split("|")]


def unlisted(model):
    """Mutants that it has and that nobody checks."""
    return set(re.findall(r"MUTANT_([A-Z_]+)\b", (HERE / model).read_text(encoding="utf-8"))) - MODELS[model][1].keys() - {"*"}


def main():
    if sys.argv[1:] == ["--accept"]:
        accept()
        return
    if sys.argv[1:]:
        sys.exit(__doc__)
    ways = [way for model in MODELS for way in ways_of(model)]
    faults = changed() + [f"the mutant {name} is not checked" for model in MODELS for name in sorted(unlisted(model))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        faults += filter(None, pool.map(lambda way: check(*way), ways))
    holds, mutants = (sum(len(model[kind]) for model in MODELS.values()) for kind in (0, 1))
    print("\n".join(faults) or f"{holds} ways hold, {mutants} mutants fail")
    sys.exit(1 if faults else 0)


main()
