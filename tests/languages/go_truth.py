"""Holds the frames of goroutines in a report against what the Go runtime told of the same stacks."""
import json
import re

BETWEEN = re.compile(r"runtime\.(asmcgocall|cgocall|systemstack_switch|cgocallbackg?1?)$|_cgoexp_|\._Cfunc_")


def of_runtime(stack):
    """Without what stands between users' functions and C: stubs, and the function on the spot that a call is put into."""
    kept, called_c = [], False
    frames = [(frame["Function"], frame["File"], frame["Line"]) for frame in stack]
    for frame, further_out in zip(frames, frames[1:] + [None]):
        on_the_spot = called_c and re.search(r"\.func\d+", frame[0]) and further_out and frame[1:] == further_out[1:]
        called_c = "._Cfunc_" in frame[0]
        if not BETWEEN.search(frame[0]) and not on_the_spot:
            kept.append(frame)
    return kept


def of_report(call):
    return [(frame["function"], frame["file"], frame["line"]) for frame in call["frames"] if frame["language"] == "go"]


def differences(told, out):
    """Of what go/frames.go wrote, a sentence for each way that the report does not tell on all sides as the runtime did."""
    ways = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    faults = [] if len(ways) > 10 else [f"only {len(ways)} ways were gone"]
    for way in ways:
        want = {side: of_runtime(stack) for side, stack in way["sides"].items()}
        found = [finding for finding in told["findings"] if of_report(finding["call"]) == want["call"]]
        if len(found) != 1:
            near = [of_report(finding["call"]) for finding in told["findings"]]
            faults.append(f"{way['way']}: {len(found)} findings have the call {want['call']}; there are {near}")
            continue
        mine = {"create": of_report(found[0]["create"]), "in_flight": of_report(found[0]["in_flight"][0])}
        faults += [f"{way['way']}, {side}: {frames} instead of {want[side]}"
                   for side, frames in mine.items() if frames != want[side]]
        if want["call"][-1][0] != "runtime.goexit":
            faults.append(f"{way['way']}: the stack does not end where the goroutine began")
    return faults
