"""The time line: threads have names, and waits stand where they were and are as long as they were."""
import json
import unittest

from names import MANIFEST, NamesTest
from support import BIN


def read(text):
    """Names of threads, and the events of each category."""
    trace = json.loads(text)
    threads = {(event["pid"], event["tid"]): event["args"]["name"] for event in trace["traceEvents"] if event["name"] == "thread_name"}
    events = {}
    for event in trace["traceEvents"]:
        events.setdefault(event.get("cat", event["name"]), []).append(event)
    return threads, events


class Trace(NamesTest):
    def test_a_free_that_waits(self):
        files = [self.folder / "a.json", self.folder / "a.trace"]
        self.run_command("--report", f"json:{files[0]}", "--report", f"trace:{files[1]}", "--", BIN / "demo_shared_statement",
                         "finalize", "50")
        finding = next(finding for finding in json.loads(files[0].read_text())["findings"] if finding["drain_ns"] > 0)
        threads, events = read(files[1].read_text())
        calls = [(event["tid"], event["ts"], event["name"]) for event in events["call"]]
        self.assertEqual(len(calls), len(set(calls)))
        free, op = finding["call"], finding["in_flight"][0]
        marks = [event for event in events["finding"] if event["args"]["fingerprint"] == finding["fingerprint"]]
        self.assertEqual([(event["tid"], event["ts"]) for event in marks], [(free["thread"]["id"], free["time_ns"] / 1000)])
        for category, call in (("wait", free), ("op", op)):
            slices = [(event["tid"], event["ts"], event["dur"]) for event in events[category]]
            self.assertIn((call["thread"]["id"], free["time_ns"] / 1000, finding["drain_ns"] / 1000), slices)
            self.assertEqual(threads[finding["pid"], call["thread"]["id"]], call["thread"]["name"])

    def test_calls_are_told_once(self):
        _, events = read(self.handleguard("report", "--format=trace", self.record("twice")).stdout)
        self.assertEqual([event["name"] for event in events["call"]], ["net_close", "net_close", "net_open"])

    def test_a_killed_process(self):
        result = self.handleguard("run", "-m", MANIFEST, "--report", "trace:-", "--", self.app / "program", "die")
        _, events = read(result.stdout)
        self.assertIn("SIGKILL", events["process_name"][0]["args"]["ended"])
        self.assertEqual([event["name"] for event in events["ending"]], ["in net_use at the end"])

    def test_nothing(self):
        result = self.handleguard("run", "-m", MANIFEST, "--report", "trace:-", "--", "true")
        self.assertEqual(json.loads(result.stdout)["traceEvents"], [])


if __name__ == "__main__":
    unittest.main()
