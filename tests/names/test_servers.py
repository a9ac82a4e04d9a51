"""Names from a real debuginfod server, which this test starts on the loopback interface; and only if asked for."""
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request

from names import NamesTest

SERVER = shutil.which("debuginfod")
if not SERVER or not list(pathlib.Path("/usr/lib").glob("*/libdebuginfod.so.1")):
    print("skipped: debuginfod, or its client's library, is not installed (scripts/install-deps world)")
    sys.exit(77)


class Servers(NamesTest):
    def start(self, objects):
        """A server of what lies in a folder; where it is, and the file into which it writes what it is asked."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        log = self.folder / "server.log"
        with log.open("wb") as out:
            process = subprocess.Popen([SERVER, "-vvv", "-F", "-p", str(port), "-d", self.folder / "server.sqlite", objects],
                                       stdout=out, stderr=out, env=self.environment)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        return f"http://127.0.0.1:{port}", log

    def wait_for(self, url):
        """Until the server has looked at the object."""
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(url, timeout=10) as answer:
                    return answer.read()
            except (urllib.error.URLError, ConnectionError):
                self.assertLess(time.monotonic(), deadline)

    def tell(self, recording, url, *options):
        return self.told(recording, "--read-only", *options, env={
            "DEBUGINFOD_URLS": url, "DEBUGINFOD_CACHE_PATH": self.folder / "cache", "DEBUGINFOD_TIMEOUT": 30})

    def check(self, build_id, objects, recording):
        url, log = self.start(objects)
        self.wait_for(f"{url}/buildid/{build_id}/debuginfo")
        asked = log.read_bytes().count(b"GET ")
        self.assert_nameless(self.tell(recording, url))
        self.assertEqual(log.read_bytes().count(b"GET "), asked, "the server was asked though nobody wanted that")
        self.assert_named(self.tell(recording, url, "--debuginfod"))
        self.assertGreater(log.read_bytes().count(b"GET "), asked)

    def test_stripped_program(self):
        build_id = self.build_id(self.app / "program")
        debug = self.separate(self.app / "program")
        self.check(build_id, debug, self.record_alone("twice"))

    def test_program_is_gone(self):
        build_id = self.build_id(self.app / "program")
        recording = self.record_alone("twice")
        self.app.rename(self.elsewhere)
        self.check(build_id, self.elsewhere, recording)

    def test_no_server_is_named(self):
        recording = self.record_alone("twice")
        result = self.handleguard("report", "--debuginfod", recording, env={"DEBUGINFOD_URLS": " "})
        self.assertEqual(result.returncode, 2)
        self.assertIn("--debuginfod: DEBUGINFOD_URLS names no server\n", result.stderr)

    def test_servers_that_do_not_answer(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        debug = self.separate(self.app / "program")
        recording = self.record_alone("twice")
        self.assert_nameless(self.tell(recording, f"http://127.0.0.1:{port}", "--debuginfod"))
        self.assertTrue(debug.is_dir())


unittest.main()
