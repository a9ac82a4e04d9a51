"""Runs random programs under their preload object and holds what the library noticed against what was recorded.

Usage: stress.py PROGRAM PRELOAD_OBJECT HANDLEGUARD FENCE FIRST_SEED SEEDS STEPS [RUNTIME_FOLDER]

FENCE is membarrier, or full: then the program forbids itself membarrier. RUNTIME_FOLDER has another copy of the runtime,
which is perturbed (perturb.c). Every run that goes wrong is told with the command that repeats it; how its threads take
turns is not repeated.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

LIMIT = 200  # seconds a program may take
DRAINS = ("wait", "defer")


def recorded(handleguard, folder):
    result = subprocess.run([handleguard, "report", "--format", "json", folder], capture_output=True, text=True,
                            timeout=300, check=False)
    if result.returncode not in (0, 1) or result.stderr:
        return None, [f"report ended with {result.returncode} and said {result.stderr!r}"]
    return json.loads(result.stdout), []


def described(finding):
    flights = [call["function"] for call in finding["in_flight"]]
    return f"{finding['kind']} of a {finding['class']}: {finding['function']}, in flight {flights}"


def check_counts(main, name, made, ended):
    """What the library gave out and what has gone, as it counts, against the guards' count."""
    handles = next(entry for entry in main["handles"] if entry["class"] == name)
    created, freed, leaked = (handles[key] for key in ("created", "freed", "leaked"))
    faults = []
    if created != made:
        faults.append(f"{name}: {made} were made, {created} recorded")
    if not freed <= ended <= freed + leaked:
        faults.append(f"{name}: {ended} have ended, {freed} recorded as freed and {leaked} as leaked")
    if handles["live"] != created - freed - leaked:
        faults.append(f"{name}: {handles['live']} live, of {created} with {freed} freed and {leaked} leaked")
    return faults


def check(told, output, pid, fence, late):
    words, *counts = [line.split() for line in output.splitlines()]
    words += ["drain-timeout", "freed-late"] if late and "late-free" in words else []
    faults = [f"not possible: {described(finding)}" for finding in told["findings"] if finding["kind"] not in words]
    main = next(recording for recording in told["recordings"] if recording["pid"] == pid)
    if main["fence"] != fence:
        faults.append(f"fence: {main['fence']}")
    for name, made, ended in counts:
        faults += check_counts(main, name, int(made), int(ended))
    for recording in told["recordings"]:
        if recording["pid"] == pid and recording["in_flight"]:
            faults.append(f"in flight at the end: {recording['in_flight']}")
    return faults


def threads_of(pid):
    """What each thread of a process that does not end is at: its state, and the system call it is in with its arguments."""
    told = []
    for task in sorted(pathlib.Path(f"/proc/{pid}/task").iterdir()):
        try:
            state = (task / "stat").read_text().rpartition(") ")[2][0]
            told.append(f"thread {task.name} {state}: {(task / 'syscall').read_text().strip()}")
        except OSError:  # it has ended, or the kernel tells nobody
            continue
    return told


def report_of(handleguard, folder):
    report = subprocess.run([handleguard, "report", folder], capture_output=True, text=True, timeout=300, check=False)
    return report.stdout + report.stderr


def stuck(handleguard, child, folder):
    """What is known of a process that does not end: its recording has what it waits for."""
    threads = threads_of(child.pid)
    child.kill()
    child.wait()
    return ["\n".join([f"not over after {LIMIT} seconds", *threads, report_of(handleguard, folder)])]


def play(program, preload, handleguard, fence, seed, steps, runtime):
    """What went wrong in one run."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
    drain, late = DRAINS[seed % 2], seed % 6 == 0
    with tempfile.TemporaryDirectory(prefix="handleguard-stress-") as name:
        environment.update(LD_PRELOAD=preload, HANDLEGUARD_OUTPUT=name, HANDLEGUARD_DRAIN=drain,
                           HANDLEGUARD_STACKS="off")
        if late:  # frees wait for no time, and are left to the last op
            environment["HANDLEGUARD_DEADLINE_MS"] = "0"
        if runtime:
            environment["LD_LIBRARY_PATH"] = runtime
        with subprocess.Popen([program, str(seed), str(steps), fence], env=environment, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True) as child:
            try:
                output, errors = child.communicate(timeout=LIMIT)
            except subprocess.TimeoutExpired:
                return stuck(handleguard, child, name)
        if child.returncode != 0:
            return [f"ended with {child.returncode}: {output} {errors}\n{report_of(handleguard, name)}"]
        told, faults = recorded(handleguard, pathlib.Path(name))
        return faults or check(told, output, child.pid, fence, late)


def main():
    program, preload, handleguard, fence, first, seeds, steps, *others = sys.argv[1:]
    runtime = others[0] if others else None
    failed = 0
    for seed in range(int(first), int(first) + int(seeds)):
        faults = play(program, preload, handleguard, fence, seed, steps, runtime)
        if faults:
            failed += 1
            print(f"seed {seed}: " + "; ".join(faults))
            print("  again: " + " ".join([sys.executable, *sys.argv[:5], str(seed), "1", steps, *others]))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
