"""Runs random programs about whose call it is, and holds what was told against what they foresaw.

Each seed runs guarded; every fourth also under observe and alone, where everything that is bad comes to pass. How its
threads take turns follows from the seed too, so that the command that a fault is told with repeats it.

What nobody can tell is not asked. A create that returns its handle, and calls back before, cannot be seen to make it: a
dead handle that stands in its registers, because the callback is a guarded function and that is its argument, or because
optimised code of its caller left it there, looks the same. So such creates are handed no dead handle (play.c), and what
is in doubt while they are in flight is not done (model.c); those that store their handle are exact, and are asked all.
Nor is a coroutine's call left by a jump on another thread than the one that began it.
"""
import argparse
import collections
import dataclasses
import os
import pathlib
import subprocess
import sys
import tempfile
import time

LIMIT = 240  # seconds a program may take
LEAST_SHARE = 0.05  # of the programs in which a feature must have come to pass
MOST_STUCK = 0.05
PROGRAMS = ("callers_O0", "callers_O2", "callers_O2_fixed")
KINDS = ("late-free", "reentrant-free", "late-op", "repeat-free", "drain-timeout", "freed-late", "null-op", "stray",
         "wrong-thread", "inherited", "reborn", "freed-again", "dangling", "given-free")
LIBRARIES = ("plain", "no-plt")
NOT_HELD_AGAINST = {"leak"}  # what is live at the end need not have been freed


def parsed():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=pathlib.Path, required=True, help="what was built of this folder")
    parser.add_argument("--program", choices=PROGRAMS, help="one of them instead of all in turn")
    parser.add_argument("--library", choices=LIBRARIES, help="one of them instead of all in turn")
    parser.add_argument("--fence", choices=("membarrier", "full"), help="one of them instead of both in turn")
    parser.add_argument("--first", type=int, default=1, help="first seed")
    parser.add_argument("--seeds", type=int, help="how many")
    parser.add_argument("--seconds", type=float, help="go on for so long")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--only", default="all", help="features, with commas between; PROGRAM features lists them")
    parser.add_argument("--mode", choices=("guard", "observe", "alone"), help="one of them instead of all")
    parser.add_argument("--stop", action="store_true", help="at the first that goes wrong")
    parser.add_argument("--expect-fault", action="store_true", help="succeed if something goes wrong, at once")
    return parser.parse_args()


@dataclasses.dataclass
class Case:
    """One run. What is not said follows from the seed."""
    seed: int
    mode: str
    program: str
    library: str
    fence: str

    @property
    def drain(self):
        """late: waits, but for no time. auto: on threads that hold a lock as defer, else as wait."""
        return ("wait", "defer", "late", "auto")[self.seed // 2 % 4]

    @property
    def binds_at_once(self):
        return self.seed % 5 == 0


def sums(rows):
    """Of four numbers each, by the name before them."""
    total = collections.defaultdict(lambda: [0, 0, 0, 0])
    for name, *numbers in rows:
        total[name] = [sum(pair) for pair in zip(total[name], map(int, numbers))]
    return total


class Outcome:
    """What a program said of itself."""

    def __init__(self, output):
        self.words = [line.split() for line in output.splitlines()]
        self.features = {words[1] for words in self.words if words[0] == "feature"}
        self.stuck = ["stuck"] in self.words
        self.over = ["over"] in self.words
        self.expected = collections.Counter((words[1], int(words[2], 16), int(words[3])) for words in self.words
                                            if words[0] == "expect")
        self.bad = {(words[1], words[2], " ".join(words[3:])) for words in self.words if words[0] == "bad"}
        self.left, self.told_left = (sum(int(words[i]) for words in self.words if words[0] == "left") for i in (1, 2))
        self.books = sums(words[1:] for words in self.words if words[0] == "book")


def environment(arguments, case, folder):
    variables = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
    variables["LD_LIBRARY_PATH"] = str(arguments.folder / case.library)
    if case.binds_at_once:
        variables["LD_BIND_NOW"] = "1"
    if case.mode != "alone":
        variables.update(LD_PRELOAD=str(arguments.folder / "casks-preload.so"), HANDLEGUARD_OUTPUT=folder,
                         HANDLEGUARD_DRAIN="wait" if case.drain == "late" else case.drain,
                         HANDLEGUARD_MODE=case.mode,
                         HANDLEGUARD_DEADLINE_MS="0" if case.drain == "late" else "300000", HANDLEGUARD_REPEAT_LIMIT="1000000",
                         HANDLEGUARD_RING_KIB="16384")
    return variables


def described(finding, count):
    kind, handle, life = finding
    return f"{count} x {kind} of {handle:#x}, life {life}"


def told_of(told, folder):
    """One recording a process that called the library."""
    lines = []
    for recording in pathlib.Path(folder).rglob("*.hgr"):
        result = subprocess.run([told, recording], capture_output=True, text=True, timeout=300, check=True)
        lines += [line.split() for line in result.stdout.splitlines()]
    return lines


def check_findings(outcome, lines):
    found = collections.Counter((words[1], int(words[3], 16), int(words[4])) for words in lines if words[0] == "told")
    for finding in [finding for finding in found if finding[0] in NOT_HELD_AGAINST]:
        del found[finding]
    abandoned = sum(found.pop(finding) for finding in list(found) if finding[0] == "abandoned")
    faults = [f"untold: {described(*item)}" for item in (outcome.expected - found).items()]
    faults += [f"told without a cause: {described(*item)}" for item in (found - outcome.expected).items()]
    if not outcome.told_left <= abandoned <= outcome.left:
        faults.append(f"{abandoned} calls are told to be abandoned, {outcome.left} were, {outcome.told_left} by a longjmp")
    return faults


def check_books(outcome, lines):
    faults = []
    recorded = sums(words[1:] for words in lines if words[0] == "handles")
    for name, (created, adopted, freed, leaked) in recorded.items():
        made, ended, unmade, left = outcome.books[name]
        # A create that never returns has made a handle that need not be known.
        if not made - unmade <= created + adopted <= made:
            faults.append(f"{name}: {made} were made, {created} recorded as created and {adopted} as met first")
        # What became of taps whose cask's free was left, nobody can say; those that go with a cask are counted when its
        # free begins, maybe before a process has a child, in which the library ends them.
        if name == "tap" and (outcome.books["cask"][3] or "fork" in outcome.features):
            continue
        if leaked > left or not ended - left - unmade <= freed <= ended:
            faults.append(f"{name}: {ended} have ended, {freed} recorded as freed and {leaked} as leaked")
    return faults


def check_truth(outcome):
    """What reached the library is foreseen, handle by handle."""
    foreseen = {hex(handle) for _, handle, _ in outcome.expected}
    return [f"not foreseen: {what}, {handle}" for handle, parent, what in outcome.bad
            if not foreseen & {handle, parent}]


def run(arguments, case):
    """(what went wrong, outcome)"""
    command = [arguments.folder / case.program, str(case.seed), str(arguments.steps), case.mode, case.drain, case.fence,
               arguments.only]
    with tempfile.TemporaryDirectory(prefix="handleguard-callers-") as folder:
        variables = environment(arguments, case, folder)
        try:
            child = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            return [f"not over after {LIMIT} seconds"], Outcome("")
        outcome = Outcome(child.stdout)
        faults = [line for line in child.stdout.splitlines() if line.startswith(("fault", "thread"))]
        if child.returncode != 0 or not (outcome.over or outcome.stuck):
            return faults + [f"ended with {child.returncode} {child.stderr[-300:]}"], outcome
        if outcome.stuck:
            return [], outcome
        if case.mode == "alone":
            return check_truth(outcome), outcome
        lines = told_of(arguments.folder / "told", folder)
        if not lines:
            return ["there is no recording"], outcome
        return check_findings(outcome, lines) + check_books(outcome, lines), outcome


def cases(arguments):
    end = time.monotonic() + (arguments.seconds or 1e9)
    seed = arguments.first
    while time.monotonic() < end and (arguments.seeds is None or seed < arguments.first + arguments.seeds):
        modes = ["guard"] if seed % 4 else ["guard", "observe", "alone"]
        for mode in [arguments.mode] if arguments.mode else modes:
            yield Case(seed, mode, arguments.program or PROGRAMS[seed % len(PROGRAMS)],
                       arguments.library or LIBRARIES[seed // 3 % len(LIBRARIES)],
                       arguments.fence or ("membarrier", "full")[seed // 4 % 2])
        seed += 1


def tell_fault(arguments, case, faults):
    print(f"seed {case.seed}, {case.mode}, {case.program}, {case.library}: " + "; ".join(faults[:6]) +
          (f" and {len(faults) - 6} more" if faults[6:] else ""))
    print(f"  again: {sys.executable} {sys.argv[0]} --folder {arguments.folder} --first {case.seed} --seeds 1 --steps "
          f"{arguments.steps} --only {arguments.only} --mode {case.mode} --program {case.program} --library "
          f"{case.library} --fence {case.fence}", flush=True)


def check_shares(arguments, features, runs, stuck):
    wrong = []
    listed = subprocess.run([arguments.folder / PROGRAMS[0], "features"], capture_output=True, text=True, check=True)
    for name in listed.stdout.split() + list(KINDS):
        share = features[name] / runs
        wanted = arguments.only == "all" or name in arguments.only.split(",")
        print(f"{name}: in {share:.0%} of {runs} programs")
        if wanted and runs >= 200 and share < LEAST_SHARE:
            wrong.append(f"{name} is in too few programs")
    print(f"stuck: {stuck}")
    if runs >= 200 and stuck > MOST_STUCK * runs:
        wrong.append("too many programs cannot go on")
    return wrong


def main():
    arguments = parsed()
    failed, runs, stuck, features = 0, 0, 0, collections.Counter()
    for case in cases(arguments):
        faults, outcome = run(arguments, case)
        runs += 1
        stuck += outcome.stuck
        features.update(outcome.features | {kind for kind, _, _ in outcome.expected})
        if faults:
            failed += 1
            tell_fault(arguments, case, faults)
            if arguments.stop or arguments.expect_fault:
                break
    cut = failed and (arguments.stop or arguments.expect_fault)
    wrong = [] if cut else check_shares(arguments, features, runs, stuck)
    for sentence in wrong:
        print(sentence)
    print(f"{failed} of {runs} runs went wrong")
    sys.exit(not failed if arguments.expect_fault else bool(failed or wrong))


if __name__ == "__main__":
    main()
