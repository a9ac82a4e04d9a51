"""Findings of this process: what has come since one looked last, by what `handleguard report` tells of its recording."""
import json
import os
import textwrap

from . import program

ANNOUNCED = "announced.txt"  # in the folder of the recordings: what `handleguard run` need not tell any more


def _output_of(command):
    """What a program prints. Not by subprocess, which tests like to replace."""
    read, write = os.pipe()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)])
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        said = pipe.read()
    try:
        os.waitpid(child, 0)
    except ChildProcessError:
        pass  # another thread waits for whatever child ends
    return said


class Ledger:
    """Which findings of this process have been seen. A forked child begins a ledger of its own."""

    def __init__(self, guards, options=()):
        self.guards = guards
        self.options = list(options)
        self._announced = os.open(os.path.join(guards.folder, ANNOUNCED), os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC,
                                  0o600)
        self._process = None

    def _begin(self):
        self._process = os.getpid()
        self._count = 0
        self._counts = {}  # by fingerprint
        self._latest = 0
        self._recording = self.guards.recording()

    def look(self):
        """What has come since the last look, as the report tells it: `new` says how often, `recorded` whether this time's
        calls are told, and not those of an earlier time."""
        if self._process != os.getpid():
            self._begin()
        count = self.guards.count()
        if count == self._count:
            return []
        self._count = count
        self._recording = self._recording or self.guards.recording()
        command = [program(), "report", "--read-only", "--format=json", f"--examples-after={self._latest}", *self.options,
                   self._recording]
        report = json.loads(_output_of(command))
        findings = [finding for finding in report["findings"] if self._take(finding)]
        self._latest = max(recording["sequence"] for recording in report["recordings"])
        return findings

    def _take(self, finding):
        """Notes the counts of a finding. There may be several of one fingerprint."""
        uid = finding["uid"]
        finding["new"] = finding["count"] - self._counts.get(uid, 0)
        finding["recorded"] = finding["sequence"] > self._latest
        self._counts[uid] = finding["count"]
        return finding["new"] > 0 and not finding["suppressed"] and not finding["known"]

    def announce(self, finding):
        """Where it happened has been told: `handleguard run` only counts it."""
        os.write(self._announced, f"{finding['fingerprint']} {finding['new']}\n".encode())


def sides(finding):
    """Its calls, the one that came wrong first: (what it is, the call)."""
    for name, word in (("call", "The call"), ("in_flight", "In flight"), ("free", "The free"), ("create", "Created")):
        calls = finding[name] or []
        for call in calls if isinstance(calls, list) else [calls]:
            yield word, call


def _test_of(call):
    return "" if not call["test"] else f", in {call['test']}" + ("" if call["test_is_sure"] else "?")


def title(finding):
    """As the head of the text report has it, but for the level."""
    function = f", {finding['function']}" if finding["function"] else ""
    other = f" against {finding['other_function']}" if finding["other_function"] else ""
    return f"{finding['kind']} of {finding['class']}{function}{other}"


def place(finding):
    """File and line of whose call it is, where its user would look first; None: not known."""
    for _, call in sides(finding):
        if call["user_line"]:
            return call["user_line"]["file"], call["user_line"]["line"]
    return None


def _at(frame, shorten):
    at = f" at {shorten(frame['file'])}:{frame['line']}" if frame["file"] else ""
    return f"{frame['function'] or 'unknown'}{at}"


def _frames(call, shorten, is_runners):
    """Those of the user's language, or else those of C that have a name."""
    frames = call["frames"] or [frame for frame in call["stack"] if frame["function"]]
    for number, frame in enumerate(frames):
        if not is_runners(frame["file"] or ""):
            yield f"  #{number}  {_at(frame, shorten)}"


def _times(finding):
    return f", {finding['new']} times" if finding["new"] > 1 else ""


def brief(finding, shorten):
    """The finding in a line, and one for each of its calls."""
    yield f"{finding['level']}: {title(finding)}{_times(finding)}"
    for word, call in sides(finding):
        by = f", {_at(call['user_line'], shorten)}" if call["user_line"] else ""
        yield f"  {word}: {call['function']}{by}{_test_of(call)}"


def text(finding, shorten, is_runners):
    """The finding, for people; without frames in the files of the runner of the tests."""
    yield f"{finding['level']}: {title(finding)}{_times(finding)}"
    yield from textwrap.wrap(finding["story"], 100, break_on_hyphens=False)
    if not finding["recorded"]:
        yield "It came too often for the calls of each time to be recorded; these are those of an earlier time."
    for word, call in sides(finding):
        thread = call["thread"]
        yield f"{word}: {call['function']} in thread {thread['id']} ({thread['name']}){_test_of(call)}"
        yield from _frames(call, shorten, is_runners)
    yield from textwrap.wrap(f"Fix: {finding['fix']}", 100, break_on_hyphens=False)
