"""Shows that check_labels.py finds each kind of fault, in a build of one test.

Usage: test_check_labels.py CTEST
"""
import pathlib
import subprocess
import sys
import tempfile

CHECKER = pathlib.Path(__file__).resolve().parent / "check_labels.py"
CASES = {
    ("unit.one", "unit;fast"): None,
    ("unit.one", "unit;shim;slow;world;qemu"): None,
    ("unit.one", "unit"): "must have one of the labels fast and slow",
    ("unit.one", "unit;fast;slow"): "must have one of the labels fast and slow",
    ("unit.one", "fast;qemu"): "has no label that says what it is about",
    ("one", "unit;fast"): "must be called FOLDER.NAME",
    ("shim.one", "unit;fast"): "must be called FOLDER.NAME",
    ("unit.one", "unit;fast;world"): "is of the world",
}


def said_of(ctest, name, labels):
    with tempfile.TemporaryDirectory() as folder:
        text = f'add_test({name} true)\nset_tests_properties({name} PROPERTIES LABELS "{labels}")\n'
        (pathlib.Path(folder) / "CTestTestfile.cmake").write_text(text, encoding="utf-8")
        result = subprocess.run([sys.executable, "-B", CHECKER, ctest, folder], capture_output=True, text=True, check=False)
        return result.returncode, result.stdout


def main():
    wrong = 0
    for (name, labels), fault in CASES.items():
        status, said = said_of(sys.argv[1], name, labels)
        if (status, fault in said if fault else True) != (1 if fault else 0, True):
            print(f"{name} with {labels}: exit status {status}, and it says:\n{said}")
            wrong += 1
    sys.exit(1 if wrong else 0)


main()
