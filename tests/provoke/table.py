"""How often each race of races.c is told: in a plain run, in a first provoked one, in one that knows what earlier ones
have learned, and when it is done again; and that the programs which cannot race are silent.

Usage: table.py RACES PRELOAD_OBJECT HANDLEGUARD [--runs N | --check]

With --check each race has to be told within five provoked runs, and done again.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

COLUMNS = ("plain", "first", "learned", "replayed")
ENOUGH = 5


class Program:
    def __init__(self, command, folder, name):
        self.command, self.folder, self.name = command, folder, name
        self.learned = folder / f"{name}.learned"
        self.replayed = folder / f"{name}.replayed"

    def run(self, *options):
        """What was found; the last line by which it is done again is kept."""
        races, preload, handleguard = self.command
        environment = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
        report = self.folder / "report.json"
        command = [handleguard, "run", "--brief", "-m", preload, "--format=json", f"--report={report}", *options, "--",
                   races, self.name]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
        if result.returncode not in (0, 97):
            sys.exit(f"{self.name} ended with {result.returncode}: {result.stderr}")
        findings = [finding for finding in json.loads(report.read_text(encoding="utf-8"))["findings"]
                    if finding["level"] == "error"]
        for finding in findings:
            if finding["provoked"]:
                self.replayed.write_text(finding["provoked"]["replay"] + "\n", encoding="utf-8")
        return bool(findings)

    def first(self):
        self.learned.unlink(missing_ok=True)
        return self.run("--provoke", f"--learn={self.learned}")

    def once_learned(self):
        return self.run("--provoke", f"--learn={self.learned}")

    def again(self):
        return self.replayed.exists() and self.run(f"--replay={self.replayed}")

    def rates(self, runs):
        ways = (self.run, self.first, self.once_learned, self.again)
        return [sum(way() for _ in range(runs)) for way in ways]

    def check(self):
        """What is wrong; empty: nothing."""
        if self.name.startswith("quiet_"):
            return "is not silent" if any(self.once_learned() for _ in range(ENOUGH)) else ""
        if not any(self.once_learned() for _ in range(ENOUGH)):
            return f"is not told in {ENOUGH} provoked runs"
        # What was held last need not be what it came of.
        for _ in range(ENOUGH):
            if any(self.again() for _ in range(ENOUGH)):
                return ""
            self.once_learned()
        return "is not done again"


def main():
    command, options = sys.argv[1:4], sys.argv[4:]
    names = subprocess.run(command[:1], capture_output=True, text=True, check=True).stdout.split()
    runs = int(options[1]) if options[:1] == ["--runs"] else 20
    faults = 0
    with tempfile.TemporaryDirectory(prefix="handleguard-provoke-") as name:
        programs = [Program(command, pathlib.Path(name), each) for each in names]
        if options == ["--check"]:
            for program in programs:
                wrong = program.check()
                faults += bool(wrong)
                print(f"{program.name}: {wrong or 'as it should be'}", flush=True)
            sys.exit(faults != 0)
        print(f"{f'told, of {runs} runs':24}" + "".join(f"{column:>10}" for column in COLUMNS))
        for program in programs:
            print(f"{program.name:24}" + "".join(f"{rate:10}" for rate in program.rates(runs)), flush=True)


if __name__ == "__main__":
    main()
