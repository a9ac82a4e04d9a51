"""Holds the reader of docs/, which knows no more of a recording than docs/recording-format.md says, against the report.

Usage: test_recording_reader.py HANDLEGUARD PRELOAD_OBJECT PROGRAM[:VARIABLE=VALUE...]...

The programs are scenarios; each is run with the variables that follow it. What must come to pass in them together, so
that no part of the format goes unread, stands in seen_in.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "docs"))
import read_recording  # noqa: E402

SAID_OF_FINDINGS = ("kind", "level", "class", "count", "function", "other_function")
SAID_OF_EXAMPLES = ("handle", "generation", "drain_ns", "deadline_ns", "unfinished", "deferred", "serialised", "all", "withheld",
                    "leaked")
SAID_OF_FRAMES = ("function", "file", "line", "language", "inlined")
SAID_OF_HANDLES = ("class", "created", "adopted", "freed", "leaked", "live")


class Differs(Exception):
    """The reader and the report do not say the same."""


def hold(what, mine, theirs):
    if mine != theirs:
        raise Differs(f"{what}: the reader says\n{json.dumps(mine, indent=1)}\nand the report\n{json.dumps(theirs, indent=1)}")


def report(handleguard, path):
    result = subprocess.run([handleguard, "report", "--format", "json", path], capture_output=True, text=True, timeout=300,
                            check=False)
    return json.loads(result.stdout)


def pick(entry, keys):
    return {key: entry.get(key) for key in keys}


def in_order(entries):
    return sorted(entries, key=json.dumps)


def hold_stack(mine, theirs):
    """The report passes over frames of the guards, and has inlined calls as frames of their own."""
    left = iter(mine)
    if not all(pc in left for pc in dict.fromkeys(frame["pc"] for frame in theirs)) or bool(mine) != bool(theirs):
        raise Differs(f"a stack: the reader says {mine}, and the report {theirs}")


def hold_calls(role, mine, theirs):
    hold(f"how many: {role}", len(mine), len(theirs))
    for one, other in zip(mine, theirs):
        if role == "holders":
            hold("a holder", one["handle"], other["handle"])
            other = other["latest"]
        elif role == "children":
            hold("a child", one["handle"], other["handle"])
            other = other["create"]
        for key in ("function", "thread", "time_ns", "frames", "test", "test_is_sure"):
            hold(f"{key} of {role}", one[key], other[key])
        hold_stack(one["pc"], other["stack"])


def hold_finding(mine, theirs):
    hold("a finding", pick(mine, SAID_OF_FINDINGS), pick(theirs, SAID_OF_FINDINGS))
    hold("whether an example is there", "handle" in mine, theirs["example"])
    if not theirs["example"]:
        return
    hold("an example", pick(mine, SAID_OF_EXAMPLES), pick(theirs, SAID_OF_EXAMPLES))
    for role in ("call", "free", "create"):
        hold_calls(role, mine[role][:1], [theirs[role]] if theirs[role] else [])
    for role in ("in_flight", "children"):
        hold_calls(role, mine[role], theirs[role])
    hold_calls("holders", sorted(mine["holders"], key=lambda one: int(one["handle"], 16)), theirs["holders"])


def identity(finding):
    """Tells findings of one recording apart."""
    call = finding.get("call")
    call = call[0] if isinstance(call, list) and call else call or {}
    return json.dumps([*pick(finding, SAID_OF_FINDINGS).values(), finding.get("handle", "0x0"), call.get("time_ns", 0)])


def seen_in(told):
    """Which parts of the format what was read comes from."""
    findings = told["findings"]
    return {"calls in flight": any(call["handles"] for call in told["in_flight"]),
            "findings without an example": any("handle" not in finding for finding in findings),
            "repeated findings": any(finding["count"] > 1 for finding in findings),
            "what did not come to its end": any(finding.get("unfinished") for finding in findings),
            "drains": any(finding.get("drain_ns") for finding in findings),
            "children": any(finding.get("children") for finding in findings),
            "holders": any(finding.get("holders") for finding in findings),
            "live handles": bool(told["live"]),
            "names": bool(told["names"]), "what is out of reach": bool(told["reach"]),
            "manifests": bool(told["manifests"]),
            "several threads": len(told["threads"]) > 2}


def hold_live(mine, leaks):
    """The report takes what is live for leaks once it is known that the program ended by itself."""
    hold("live handles", sorted(live["handle"] for live in mine), sorted(leak["handle"] for leak in leaks))
    for live in mine:
        leak = next(leak for leak in leaks if leak["handle"] == live["handle"])
        hold("the class of a live handle", live["class"], leak["class"])
        hold_calls("create of a live handle", [live["create"]], [leak["create"]])


def hold_recording(handleguard, path):
    """What both tell."""
    mine, whole = read_recording.read(path), report(handleguard, path)
    theirs = whole["recordings"][0]
    for key in ("pid", "executable", "clean_exit"):
        hold(key, mine[key], theirs[key])
    hold("handles", in_order(mine["handles"]), in_order(pick(each, SAID_OF_HANDLES) for each in theirs["handles"]))
    hold("calls", mine["calls"], {each["function"]: each["calls"] for each in theirs["coverage"]})
    hold("in flight", mine["in_flight"], [{"function": call["function"], "thread": call["thread"]["id"],
                                           "handles": call["handles"]} for call in theirs["in_flight"]])
    del theirs["counters"]["findings-torn"]
    hold("counters", list(mine["counters"].items()), list(theirs["counters"].items()))
    findings = [finding for finding in whole["findings"] if not mine["live"] or finding["kind"] != "leak"]
    hold_live(mine["live"], [finding for finding in whole["findings"] if finding not in findings])
    hold("how many findings", len(mine["findings"]), len(findings))
    for pair in zip(sorted(mine["findings"], key=identity), sorted(findings, key=identity)):
        hold_finding(*pair)
    return mine


def frames_in(told):
    """All frames of C that a report tells, wherever it tells them."""
    if isinstance(told, dict):
        yield from told.get("stack", [])
    for each in told.values() if isinstance(told, dict) else told if isinstance(told, list) else []:
        yield from frames_in(each)


def hold_names(handleguard, path):
    """The report has kept in the recording what it tells of C's functions, and of those that were not called."""
    theirs, mine = report(handleguard, path), read_recording.read(path)
    stacks = [theirs["recordings"], theirs["findings"]]
    for frame in [frame for stack in stacks for frame in frames_in(stack) if frame["function"]]:
        if not any(pick(frame, SAID_OF_FRAMES) == pick(kept, SAID_OF_FRAMES) for kept in mine["names"].get(frame["pc"], [])):
            raise Differs(f"the report tells {frame}, and the recording keeps {mine['names'].get(frame['pc'])}")
    for function in theirs["recordings"][0]["coverage"]:
        if function["function"] in mine["reach"]:
            hold("the reach of a function", mine["reach"][function["function"]], function["reach"])
    hold("manifests", mine["manifests"],
         [pick(each, ("name", "hash")) | {"unnamed": [function["function"] for function in each["unnamed"]]}
          for each in theirs["recordings"][0]["manifests"]])
    return mine


def damage(path):
    """Another recording, of which one bit of the first finding is another."""
    recording = read_recording.Recording(path.read_bytes())
    at = recording.of_type(read_recording.RING)[0]["offset"] + recording.findings()[0]["length"] - 9
    data = bytearray(recording.data)
    data[at] ^= 1
    damaged = path.with_name("damaged.hgr")
    damaged.write_bytes(data)
    return damaged


def check_damaged(handleguard, path):
    """What both tell of a damaged copy: a finding that only its site still knows."""
    whole = read_recording.read(path)["findings"]
    told = hold_recording(handleguard, damage(path))
    hold("examples left of a damaged recording", sum("handle" in one for one in told["findings"]), len(whole) - 1)
    return told


def check_version(path):
    """Another version of the format is refused."""
    data = path.read_bytes()
    other = path.with_name("other.hgr")
    other.write_bytes(data[:8] + b"\xff" + data[9:])
    try:
        read_recording.read(other)
    except read_recording.Unreadable:
        return
    raise Differs("the reader reads another version of the format")


def record(word, preload, folder):
    program, *settings = word.split(":")
    environment = os.environ | {"LD_PRELOAD": preload, "HANDLEGUARD_OUTPUT": folder, "HANDLEGUARD_RING_KIB": "64"}
    environment |= dict(setting.split("=", 1) for setting in settings)
    with subprocess.Popen([program], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        status = process.wait(60)
    recordings = sorted(pathlib.Path(folder).glob("*.hgr"))
    if not recordings:
        raise Differs("it has made no recording")
    ending = f"exited {status}" if status >= 0 else f"killed {-status}"
    pathlib.Path(folder, "endings.txt").write_text(f"handleguard endings 1\n{process.pid} {ending}\n", encoding="utf-8")
    return recordings


def main():
    handleguard, preload, *programs = sys.argv[1:]
    faults, seen = [], {}
    for number, program in enumerate(programs):
        with tempfile.TemporaryDirectory() as folder:
            try:
                recordings = record(program, preload, folder)
                told = [hold_recording(handleguard, path) for path in recordings]
                told += [hold_names(handleguard, path) for path in recordings]
                if number == 0:
                    check_version(recordings[0])
                    told.append(check_damaged(handleguard, recordings[0]))
                for part, there in [pair for each in told for pair in seen_in(each).items()]:
                    seen[part] = seen.get(part, False) or there
            except (Differs, read_recording.Unreadable) as error:
                faults.append(f"{program}: {error}")
    faults += [f"no program made: {part}" for part, there in seen.items() if not there]
    print("\n".join(faults) or f"the same of {len(programs)} programs")
    sys.exit(1 if faults else 0)


main()
