"""The Go module's own tests, under plain `go test`; reference.py says what is typed."""
import re
import subprocess
import sys

import reference
from rows import ROWS, is_load
from user_code_of_go import GO


def go(*arguments):
    return subprocess.run(["go", *arguments], capture_output=True, text=True, check=True).stdout.strip()


def version():
    return tuple(int(number) for number in re.search(r"go(\d+)\.(\d+)", go("env", "GOVERSION")).groups())


def in_go(name):
    return "Test" + "".join(word.capitalize() for word in name.split("_"))


class Go(reference.ReferenceTest):
    language = "go"
    USER_CODE = GO

    @classmethod
    def can_show(cls, row):
        return super().can_show(row) and version() >= row.since

    def setUp(self):
        super().setUp()
        self.environment |= {"GOCACHE": go("env", "GOCACHE"), "GOTOOLCHAIN": "local", "GOFLAGS": "-mod=mod",
                             "CGO_ENABLED": "1", "CGO_LDFLAGS": f"-L{reference.LIBRARY}"}

    def run_tests(self, name, variant, guard, rounds):
        tags = f"{variant},load" if is_load(name) else variant
        command = ["go", "test", "-v", f"-count={rounds}", f"-tags={tags}"]
        if name:
            command.append(f"-run=^{in_go(name)}$")
        if guard:
            command.append("-exec=" + " ".join(str(word) for word in guard))
        return subprocess.run(command, cwd=reference.HERE / "go", env=self.environment, capture_output=True, text=True,
                              timeout=300, check=False)

    def test_of(self, name):
        return f"courier.{in_go(name)}"

    def failures(self, variant):
        said = self.run_tests(None, variant, [], 1).stdout
        return {name for name in ROWS if re.search(rf"(?m)^--- FAIL: {in_go(name)} ", said)}


if __name__ == "__main__":
    row = ROWS.get(sys.argv[-1])
    if row and version() < row.since:
        print(f"skipped: this Go is {go('env', 'GOVERSION')}, and the test needs {row.since[0]}.{row.since[1]}")
        sys.exit(77)
    reference.main(Go)
