"""The Python package's own tests, under plain `pytest`; reference.py says what is typed. A last word says how the
package reaches the library: ctypes or extension."""
import re
import subprocess
import sys

import reference
from rows import HANGS, is_load
from user_code_of_python import PYTHON

INTERPRETER = "/usr/bin/python3"  # the one that Debian's pytest belongs to
PACKAGE = reference.HERE / "python"
NATIVES = {"ctypes": "courier.by_ctypes", "extension": "by_extension"}
FILES = {"receiver_frees_when_it_leaves": "test_close_before.py", HANGS: "test_close_locked.py"}


class Python(reference.ReferenceTest):
    language = "python"
    native = None
    USER_CODE = PYTHON

    def setUp(self):
        super().setUp()
        self.environment |= {"COURIER_NATIVE": NATIVES[self.native], "PYTHONDONTWRITEBYTECODE": "1",
                             "PYTHONPATH": f"{PACKAGE}:{reference.LIBRARY}"}

    def run_tests(self, name, variant, guard, rounds):
        file = "test_load.py" if is_load(name) else FILES.get(name, "test_courier.py")
        tests = [f"{file}::test_{name}"] if name else ["test_courier.py"]
        if guard and variant == "before" and not name:
            tests.append("test_close_before.py")
        command = [*guard, INTERPRETER, "-m", "pytest", "-p", "no:cacheprovider", "-ra", f"--variant={variant}",
                   f"--rounds={rounds}", *tests]
        return subprocess.run(command, cwd=PACKAGE, env=self.environment, capture_output=True, text=True, timeout=300,
                              check=False)

    def test_of(self, name):
        return f"{FILES.get(name, 'test_courier.py')}::test_{name}"

    def failures(self, variant):
        """Whether a test fails in itself, or in what it leaves behind."""
        said = self.run_tests(None, variant, [], 1).stdout
        return set(re.findall(r"(?m)^(?:FAILED|ERROR) \S+::test_(\w+)", said))


if __name__ == "__main__":
    Python.native = sys.argv.pop()
    reference.main(Python)
