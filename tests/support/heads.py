"""Holds the head of each finding in a text report against the same finding in JSON: what a person needs to go to work
stands in its first 12 lines, at 80 columns."""
import os
import re

COLUMNS, LINES = 80, 12
STANDARD = ("std::", "__gnu_cxx::", "core::", "alloc::", "<core::", "<alloc::", "<std::")
SYSTEM = ("libc.so", "libpthread.so", "ld-linux", "libstdc++.so")


def is_users(frame):
    """Whether the frame is one with a line of the user's own, as far as it can be told by names."""
    return (frame["file"] and not (frame["function"] or "").startswith(STANDARD) and
            not frame["file"].startswith(("/usr/include/c++/", "/rustc/", "/usr/src/rustc-")) and
            not os.path.basename(frame.get("object") or "").startswith(SYSTEM))


def line_of(call):
    """The file and line at which the user's code stands in this call; None: not known."""
    told = [frame for frame in call["frames"] if frame["file"] and frame["line"]]
    users = [] if call["frames"] else [frame for frame in call["stack"] if is_users(frame)]
    for frame in told[:1] or users[:1]:
        where = f" from line {frame['line']}" if frame.get("line_begins") else f":{frame['line']}"
        return os.path.basename(frame["file"]) + where
    return None


def calls_of(finding):
    """The call that the finding is about, and its other side."""
    calls = [finding["call"], finding["free"], *finding["in_flight"][:1]]
    calls = [call for call in calls if call]
    return calls[:2] or [call for call in [finding["create"]] if call]


def faults_of(head, finding):
    lines = head.split("\n")
    text = " ".join(head.split())
    wanted = [finding["kind"], " ".join(f"Fix: {finding['fix']}".split())]
    wanted += [line for line in map(line_of, calls_of(finding)) if line and len(line) < COLUMNS / 2]
    wanted += ["Test: "] if finding.get("test") else []
    faults = [f"'{each}' is not in the head of a finding:\n{head}" for each in wanted if each not in text]
    if len(lines) > LINES or max(map(len, lines)) > COLUMNS:
        faults.append(f"a head has more than {LINES} lines of {COLUMNS} columns:\n{head}")
    return faults


def faults(report, told):
    """What is wrong with the heads of a text report; `told` is the same as JSON."""
    heads = re.findall(r"^\d+\. (?:error|warning|note): .*?(?=\n\n)", report, re.MULTILINE | re.DOTALL)
    if len(heads) != len(told["findings"]):
        return [f"{len(heads)} findings in the text report, {len(told['findings'])} in JSON"]
    return [fault for head, finding in zip(heads, told["findings"]) for fault in faults_of(head, finding)]
