"""Runs a scenario program under its preload object and holds what is reported against the comment at its top.

Usage: run.py PROGRAM SOURCE LIBRARY PRELOAD_OBJECT HANDLEGUARD

LIBRARY is what "stream" means in the comment; PRELOAD_OBJECT is empty for a library that guards itself.

Lines of that comment (what is not said must not be there: findings, words on standard error, more recordings):

  run: A=B ...                 what follows is said of one run, with this environment; {tmp} is the recordings' folder,
                               {foreign} one that is not the user's; DISK=SIZE: {tmp} is a file system of that size
  finding: KIND CLASS HANDLE [xCOUNT] [gGENERATION]; PARTY; ...; FACT; ...
      COUNT: 1 if not said; N+: so many at least
      HANDLE: as the program tells it, or any
      PARTY: call|free|create|op|alive FUNCTION in CALLER [on THREAD] [older]   op: in flight; alive: a child's create;
                               older: the thread had last seen an older handle of the same value;
                               CALLER: the program's innermost function, if need be followed by its own caller:
                               INNER<OUTER<OUTERMOST; `at` for `in`: the stack is gone, the call site alone is known;
                               A|B: B where the compiler made jumps of calls that end a function (SCENARIO_JUMPS=1),
                               else A; any: its stack is not looked at
               create any | op any: who created it, what was in flight is not looked at
               holder FUNCTION in CALLER [on THREAD] [xCLAIMS] [from OBJECT] [of HANDLE]
               recent FUNCTION in CALLER [on THREAD] of HANDLE: a free of the class that had begun before, latest first
      FACT: drained (it waited) | unfinished (what came of it is not known) | deferred | serialised | withheld | refused (the stray) | all (handles of the class) | deadline MS |
            passed (the guard could do nothing about it) | woken FUNCTION [stays] (it was called to wake what was in flight, and had not returned) | child (it happened in a forked child) | holders COUNT (who they are is not looked at) | more HOLDERS HANDLES (not listed) |
            test NAME[; the SIDE: NAME]... (none if not said) | by WORDS (who freed; `by nobody`: it is not told; A|B: B where calls are jumps)
  observed: same               all this is said of guard mode, and of observe mode too, but that nothing waits there or is
                               deferred
  recording: KEY=VALUE ...     KEY: a key of the recording, handles.CLASS.KEY, counters.NAME, calls.FUNCTION; VALUE may be
                               a number with > before it
  child: KEY=VALUE ...         the same of the recording of a forked child
  recordings: COUNT            1 if not said
  stderr: TEXT                 a line of standard error holds it, in this order
  exit: STATUS|SIGNAL          0 if not said
"""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

import emulator
import heads

# What was recorded there is copied to where it can be seen.
MOUNT = """exec 3<"$HANDLEGUARD_OUTPUT" && mount -t tmpfs -o size="$1" tmpfs "$HANDLEGUARD_OUTPUT" && shift || exit
"$@" 3<&-
status=$?
cp "$HANDLEGUARD_OUTPUT"/*.hgr /proc/self/fd/3/ 2>/dev/null
exit $status"""
LINE = re.compile(r"^ \* (run|finding|observed|recording|child|recordings|stderr|exit):\s*(.*)$")
LIBRARIES = {"libgate.so", "libembed.so", "gate-preload.so"}
PREVENTED = {"late-free", "drain-timeout", "repeat-free", "late-op", "reentrant-free", "orphan", "null-op",
             "dangling"}
OUTERMOST = ({"main"}, {"side_main"}, {"c11_main"}, {"coroutine_main"}, {"main", "_start"})
JUMPS = os.environ.get("SCENARIO_JUMPS") == "1"


class Run:
    """One run of the program and what is expected of it."""

    def __init__(self, environment=""):
        self.environment = dict(pair.split("=", 1) for pair in environment.split())
        self.findings, self.recording, self.child, self.stderr = [], [], [], []
        self.recordings, self.exit, self.observed = 1, 0, False

    def in_observe_mode(self):
        """The same, as far as nothing waits or is deferred."""
        other = Run("HANDLEGUARD_MODE=observe")
        other.findings = [re.sub(r"; (drained|deferred|woken \w+)\b", "", finding) for finding in self.findings]
        other.recordings, other.exit = self.recordings, self.exit
        return other

    def take(self, word, rest):
        if word == "finding":
            self.findings.append(rest)
        elif word == "observed":
            self.observed = True
        elif word in ("recording", "child"):
            getattr(self, word).extend(pair.split("=", 1) for pair in rest.split())
        elif word == "stderr":
            self.stderr.append(rest)
        elif word == "recordings":
            self.recordings = int(rest)
        else:
            self.exit = int(rest) if rest.isdigit() else -int(signal.Signals[rest])


def read_runs(source, library):
    """The runs that the comment describes. A line that begins with more than one space goes on with the one before."""
    comment = pathlib.Path(source).read_text(encoding="utf-8").split("*/", 1)[0]
    comment = re.sub(r"\bstream(?=\b|_)", library, comment)
    runs = []
    for line in re.sub(r"\n \*    +", " ", comment).splitlines():
        match = LINE.match(line)
        if match and match[1] == "run":
            runs.append(Run(match[2]))
        elif match:
            if not runs:
                runs.append(Run())
            runs[-1].take(*match.groups())
    runs += [run.in_observe_mode() for run in runs if run.observed]
    return runs or [Run()]


class Check:
    """Collects what is not as expected."""

    def __init__(self):
        self.faults = []

    def same(self, what, found, expected):
        if found != expected:
            self.faults.append(f"{what}: found {found!r}, expected {expected!r}")


def check_stacks(check, told):
    """The guard's own frames are nobody's business."""
    if isinstance(told, dict):
        if os.path.basename(told.get("object") or "").startswith("libhandleguard") and "pc" in told:
            check.faults.append(f"the guard's own frame in a stack: {told}")
        told = list(told.values())
    for part in told if isinstance(told, list) else []:
        check_stacks(check, part)


def own_frames(call, program):
    """What the program, or a plugin of it that stands beside it, was running."""
    def own(path):
        return path and os.path.dirname(path) == os.path.dirname(program) and os.path.basename(path) not in LIBRARIES
    return [frame["function"] for frame in call["stack"] if own(frame["object"])]


def check_call(check, call, words, program):
    """words: FUNCTION in CALLER [on THREAD] [older]"""
    what = f"{words[0]} in {words[2]}"
    check.same(f"has the thread of {what} last seen an older life", call["older_life"], words[-1] == "older")
    words = words[:-1] if words[-1] == "older" else words
    check.same(what, call["function"], words[0])
    if len(words) > 3:
        check.same(f"thread of {what}", call["thread"]["name"], words[4])
    if words[2] == "any":
        return
    frames = own_frames(call, program)
    chain = [frame.split("|")[-1 if JUMPS else 0] for frame in words[2].split("<")]
    check.same(f"caller of {words[0]}", frames[:len(chain)], chain)
    if words[1] == "at":
        check.same(f"frames of {what}", frames, chain)
    elif frames and not any(set(frames[-len(last):]) == last for last in OUTERMOST):
        check.faults.append(f"stack of {what} is cut off: {frames}")
    check.same(f"is the stack of {what} gone", call["stack_gone"], words[1] == "at")
    check.same(f"is the stack of {what} cut", call["stack_cut"], False)


def check_parties(check, finding, parts, program):
    parties = {"call": [], "free": [], "create": [], "op": [], "alive": []}
    for part in parts:
        role, *words = part.split()
        if role in parties:
            parties[role].append(words)
    for role in ("call", "free", "create"):
        if parties[role] == [["any"]]:
            continue
        check.same(f"is there a {role}", finding[role] is not None, bool(parties[role]))
        if finding[role] and parties[role]:
            check_call(check, finding[role], parties[role][0], program)
    if parties["op"] != [["any"]]:
        check_calls(check, "ops in flight", finding["in_flight"], parties["op"], program)
    check_calls(check, "children", [child["create"] for child in finding["children"]], parties["alive"], program)


def check_calls(check, what, calls, specs, program):
    found = sorted(calls, key=lambda call: (call["function"], call["thread"]["name"]))
    expected = sorted(specs, key=lambda words: (words[0], words[4:]))
    check.same(what, [call["function"] for call in found], [words[0] for words in expected])
    for call, words in zip(found, expected):
        check_call(check, call, words, program)


def check_holder(check, holder, words, program, handles):
    """words: FUNCTION in CALLER [on THREAD] [xCLAIMS] [from OBJECT] [of HANDLE]"""
    what = f"holder by {words[0]} in {words[2]}"
    claims = next((int(word[1:]) for word in words[3:] if re.fullmatch(r"x\d+", word)), 1)
    facts = {word: words[i + 1] for i, word in enumerate(words[:-1]) if i >= 3 and word in ("on", "from", "of")}
    check_call(check, holder["latest"], words[:3] + (["on", facts["on"]] if "on" in facts else []), program)
    check.same(f"claims of {what}", holder["claims"], claims)
    if "from" in facts:
        check.same(f"object of {what}", os.path.basename(holder["object"]), facts["from"])
    if "of" in facts:
        check.same(f"handle of {what}", holder["handle"], handles.get(facts["of"]))


def check_recent(check, finding, parts, program, handles):
    specs = [part.split()[1:] for part in parts if part.startswith("recent ")]
    check.same("frees before", [recent["free"]["function"] for recent in finding["recent_frees"]],
               [words[0] for words in specs])
    for recent, words in zip(finding["recent_frees"], specs):
        check.same(f"handle of {words[0]}", recent["handle"], handles.get(words[-1]))
        check_call(check, recent["free"], words[:-2], program)


def check_holders(check, finding, parts, program, handles):
    expected = [part.split()[1:] for part in parts if part.startswith("holder ")]
    counts = [int(part.split()[1]) for part in parts if part.startswith("holders ")]
    check.same("holders", len(finding["holders"]), counts[0] if counts else len(expected))
    left = list(finding["holders"])
    for words in expected if not counts else []:
        tries = []
        for holder in left:
            one = Check()
            check_holder(one, holder, words, program, handles)
            tries.append((one.faults, holder))
        if tries:
            best = min(tries, key=lambda pair: len(pair[0]))
            check.faults.extend(best[0])
            left.remove(best[1])
    more = next((part.split()[1:] for part in parts if part.startswith("more ")), ["0", "0"])
    check.same("holders and handles not listed", [finding["unlisted_holders"], finding["unlisted_handles"]],
               [int(word) for word in more])


def could_be_prevented(finding, facts):
    """Whether the guard does something about such a finding, if the run does not only observe."""
    if finding["kind"] == "overlap":
        return finding["serialised"] or (finding["unfinished"] and finding["deadline_ns"] > 0)
    return finding["withheld"] or finding["kind"] in PREVENTED or (finding["kind"] == "stray" and "refused" in facts)


def check_finding(spec, finding, handles, program, children, observed):
    check = Check()
    head, *parts = [part.strip() for part in re.sub(r"; the ", ", the ", spec).split(";")]
    kind, class_name, handle, *extra = head.split()
    count = next((word[1:] for word in extra if word[0] == "x"), "1")
    generation = next((int(word[1:]) for word in extra if word[0] == "g"), 1)
    check.same("kind", finding["kind"], kind)
    check.same("class", finding["class"], class_name)
    if handle != "any":
        check.same("handle", finding["handle"], handles.get(handle))
    if not (count[-1] == "+" and finding["count"] >= int(count[:-1])):
        check.same("count", str(finding["count"]), count)
    check.same("generation", finding["generation"], generation)
    check_parties(check, finding, parts, program)
    check_holders(check, finding, parts, program, handles)
    check_recent(check, finding, parts, program, handles)
    facts = {part.split()[0]: part.split()[1:] for part in parts}
    check.same("made in a child", finding["pid"] in children, "child" in facts)
    check.same("drained", finding["drain_ns"] > 0, "drained" in facts)
    check.same("unfinished", finding["unfinished"], "unfinished" in facts)
    check.same("deferred", finding["deferred"], "deferred" in facts)
    check.same("all", finding["all"], "all" in facts)
    check.same("woken by", [finding["woken_by"]] + ["stays"] * finding["waker_stays"], facts.get("woken", [None]))
    check.same("serialised", finding["serialised"], "serialised" in facts)
    check.same("withheld", finding["withheld"], "withheld" in facts)
    check.same("test", (finding["test"] or "").replace("; the ", ", the "), " ".join(facts.get("test", [])))
    if "by" in facts:
        words = " ".join(facts["by"]).split("|")[-1 if JUMPS else 0]
        check.same("who freed", (finding["free"] or finding["call"])["run_by"] or "nobody", words)
    check.same("prevented", finding["prevented"],
               could_be_prevented(finding, facts) and not observed and "passed" not in facts)
    if "deadline" in facts:
        check.same("deadline", finding["deadline_ns"], int(facts["deadline"][0]) * 1_000_000)
    return check.faults


def check_findings(check, specs, told, handles, program):
    left = list(told["findings"])
    children = {recording["pid"] for recording in told["recordings"] if is_child(recording, told["recordings"])}
    observed = any(recording["mode"] == "observe" for recording in told["recordings"])
    for spec in specs:
        tries = [(check_finding(spec, finding, handles, program, children, observed), finding) for finding in left]
        best = min(tries, key=lambda pair: len(pair[0]), default=None)
        if not best:
            check.faults.append(f"not reported: {spec}")
            continue
        check.faults.extend(f"{spec}\n    {fault}" for fault in best[0])
        left.remove(best[1])
    check.faults.extend("not expected: " + json.dumps(finding, indent=1) for finding in left)


def is_child(recording, recordings):
    return any(other["pid"] == recording["parent_pid"] for other in recordings)


def look_up(recording, key):
    section, _, rest = key.partition(".")
    if section == "handles":
        name, _, field = rest.partition(".")
        return next(entry[field] for entry in recording["handles"] if entry["class"] == name)
    if section == "counters":
        return recording["counters"][rest]
    if section == "calls" and rest:
        return next(entry["calls"] for entry in recording["coverage"] if entry["function"] == rest)
    return recording[key]


def check_recording(check, recording, pairs):
    for key, value in pairs:
        found = look_up(recording, key)
        if value[0] == ">":
            check.same(f"is {key}, {found}, {value}", found > int(value[1:]), True)
        else:
            check.same(key, str(found).lower() if isinstance(found, bool) else str(found), value)


def check_recordings(check, run, recordings):
    check.same("recordings", len(recordings), run.recordings)
    for recording in recordings:
        check_recording(check, recording, run.child if is_child(recording, recordings) else run.recording)
        if run.exit == 0:
            check.same("in flight at the end", recording["in_flight"], [])
            check.same("clean exit", recording["clean_exit"], True)


def report(handleguard, folder):
    """What the recordings in the folder hold."""
    if not list(folder.glob("*.hgr")):
        return {"recordings": [], "findings": []}
    result = subprocess.run([handleguard, "report", "--format", "json", folder], capture_output=True, text=True,
                            timeout=300, check=False)
    if result.returncode not in (0, 1) or result.stderr:
        sys.exit(f"report ended with {result.returncode} and said: {result.stderr}")
    told = json.loads(result.stdout)
    serious = any(finding["level"] != "note" and finding["kind"] != "free-at-return" for finding in told["findings"])
    if result.returncode != (1 if serious else 0):
        sys.exit(f"report ended with {result.returncode} for {len(told['findings'])} findings")
    return told


def check_heads(check, handleguard, folder, told):
    """The same findings as a person reads them."""
    if not told["findings"]:
        return
    result = subprocess.run([handleguard, "report", folder], capture_output=True, text=True, timeout=300, check=False)
    check.faults += heads.faults(result.stdout, told)


def foreign_folder(folder):
    if os.getuid() != 0:
        return "/"
    foreign = folder / "foreign"
    foreign.mkdir(exist_ok=True)
    os.chown(foreign, 65534, -1)
    return foreign


def may_mount():
    return subprocess.run(["unshare", "-rm", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def provoking():
    """With SCENARIO_PROVOKED=1 calls are held back, and only what must stay silent is run."""
    options = {"HANDLEGUARD_PROVOKE": "on", "HANDLEGUARD_PROVOKE_DELAY_MS": "3"}
    return options if os.environ.get("SCENARIO_PROVOKED") == "1" else {}


def execute(command, preload, environment, folder):
    """The program's result; its recordings are in the folder."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("HANDLEGUARD_")}
    asked = {key: value.format(tmp=folder, foreign=foreign_folder(folder)) for key, value in environment.items()}
    command, preloaded = emulator.preload(command, preload)
    forbid = emulator.forbid_membarrier if emulator.EMULATOR and "NO_MEMBARRIER" in asked else None
    if "DISK" in asked:
        command = ["unshare", "-rm", "sh", "-c", MOUNT, "sh", asked["DISK"], *command]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, preexec_fn=forbid,
                            env=clean | preloaded | provoking() | {"HANDLEGUARD_OUTPUT": str(folder)} | asked)
    result.stderr = emulator.WORDS.sub("", result.stderr)
    return result


def check_stderr(check, expected, lines):
    check.same("lines on standard error", len(lines), len(expected))
    for line, text in zip(lines, expected):
        if text not in line:
            check.faults.append(f"standard error: found {line!r}, expected it to hold {text!r}")


def check_run(run, command, preload, handleguard):
    check = Check()
    with tempfile.TemporaryDirectory(prefix="handleguard-scenario-") as name:
        folder = pathlib.Path(name)
        result = execute(command, preload, run.environment, folder)
        told = report(handleguard, folder)
        check_heads(check, handleguard, folder, told)
    check.same("exit status", result.returncode, run.exit)
    check_stderr(check, run.stderr, result.stderr.splitlines())
    handles = dict(re.findall(r"^handle (\S+) (\S+)$", result.stdout, re.MULTILINE))
    check.same("words on standard output", re.sub(r"^handle .*\n", "", result.stdout, flags=re.MULTILINE), "")
    check_stacks(check, told)
    check_findings(check, run.findings, told, handles, os.path.realpath(command[0]))
    check_recordings(check, run, told["recordings"])
    return check.faults


def main():
    program, source, library, preload, handleguard = sys.argv[1:]
    failed = False
    for run in read_runs(source, library):
        if ("DISK" in run.environment and not may_mount()) or (provoking() and run.findings):
            continue
        faults = check_run(run, [program], preload, handleguard)
        failed = failed or bool(faults)
        if faults:
            print(f"{source}, run with {run.environment}:")
            print("".join(f"  {fault}\n" for fault in faults), end="")
    sys.exit(failed)


if __name__ == "__main__":
    main()
