"""The reference systems' races that their tests make sure of by gates, without these: how often plain runs tell them, which
provoked run is the first to, and how many of N (20) tell it that do again what five have learned; and that their mended variants stay silent,
held back.

Usage: systems.py PROGRAMS_FOLDER PRELOAD_OBJECT HANDLEGUARD [--runs N | --check]

With --check each race has to be told by one of five provoked runs, and done again by one of five. What the bindings of system B do is printed by
reference/courier/reference.py, and is run by scripts/provoke-table too.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ENOUGH = 5

# The functions that race, by row and program: it is told if one finding names them.
CLOSE_UNDER_WAIT = {"gate_wait", "gate_close"}
RACES = {
    "A1 enter_leave_free": CLOSE_UNDER_WAIT,
    "A2 use_after_free_began": CLOSE_UNDER_WAIT,
    "A3 check_then_use": CLOSE_UNDER_WAIT,
    "A4 op_outlasts_deadline": CLOSE_UNDER_WAIT,
    "A5 two_frees_at_once": {"gate_close"},
    "A7 endings_told_apart": CLOSE_UNDER_WAIT,
    "A8 free_after_time_out": CLOSE_UNDER_WAIT,
    "A9 stall_within_deadline": CLOSE_UNDER_WAIT,
    "B7 split_into_two": {"gate_plug_wait", "gate_plug_close"},
    "C1 last_user_disconnects": {"gate_line_disconnect"},
    "C4 shared_owner": {"gate_wire_disconnect"},
}
MENDED = {"split_into_two": "split_into_two_fixed"}


def functions(finding):
    """Of the calls that met."""
    calls = [finding["call"], finding["free"], *finding["in_flight"]]
    return {call["function"] for call in calls if call}


class System:
    def __init__(self, command, folder, name):
        self.programs, self.preload, self.handleguard = command
        self.folder, self.name, self.races = folder, name.split()[1], RACES[name]
        self.learned = folder / f"{self.name}.learned"

    def program(self, variant):
        name = MENDED.get(self.name, self.name) if variant == "after" else self.name
        shim = pathlib.Path(self.programs) / f"{name}_gate"
        return shim if shim.exists() else shim.with_name(name)

    def run(self, variant, *options):
        """Whether the race is told; of what is mended, whether anything is."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
        report = self.folder / "report.json"
        command = [self.handleguard, "run", "--brief", "-m", self.preload, "--format=json", f"--report={report}",
                   *options, "--", self.program(variant)]
        result = subprocess.run(command, env=environment | {"GATES_OPEN": "1", "VARIANT": variant}, capture_output=True,
                                text=True, timeout=120, check=False)
        if result.returncode not in (0, 97):
            sys.exit(f"{self.name} ended with {result.returncode}: {result.stdout}{result.stderr}")
        findings = [finding for finding in json.loads(report.read_text(encoding="utf-8"))["findings"]
                    if finding["level"] == "error"]
        return any(self.races <= functions(finding) for finding in findings) if variant == "before" else bool(findings)

    def provoked(self, variant):
        return self.run(variant, "--provoke", f"--learn={self.learned}")

    def plain(self):
        return sum(self.run("before") for _ in range(ENOUGH))

    def first_told(self):
        """0: no run has told it."""
        told = [self.provoked("before") for _ in range(ENOUGH)]
        return told.index(True) + 1 if any(told) else 0

    def again(self, runs):
        return sum(self.run("before", f"--replay={self.learned}") for _ in range(runs))

    def silent(self):
        """The mended variant, knowing what was learned of the other where the two are one program."""
        return not any(self.provoked("after") for _ in range(ENOUGH))


def main():
    command, check = sys.argv[1:4], sys.argv[4:] == ["--check"]
    runs = ENOUGH if check else int(sys.argv[5]) if sys.argv[4:5] == ["--runs"] else 20
    faults = 0
    with tempfile.TemporaryDirectory(prefix="handleguard-provoke-") as name:
        print(f"{'':28}{f'plain, of {ENOUGH}':>12}{'provoked':>14}{f'again, of {runs}':>14}{'mended':>12}")
        for row in RACES:
            system = System(command, pathlib.Path(name), row)
            plain, first = system.plain(), system.first_told()
            again, silent = system.again(runs), system.silent()
            faults += not (first and again and silent)
            print(f"{row:28}{plain:12}{f'in run {first}' if first else 'not told':>14}{again:14}"
                  f"{'silent' if silent else 'told':>12}", flush=True)
    sys.exit(check and faults != 0)


if __name__ == "__main__":
    main()
