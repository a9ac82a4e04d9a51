"""A ZeroMQ context can be ended after a close of one of its sockets has timed out."""
import os
import unittest

from support import CommandLineTest

PROGRAM = os.environ["HANDLEGUARD_TEST_TERM_ZMQ"]


class Term(CommandLineTest):
    def test_the_socket_is_closed_late_and_the_context_ends(self):
        status, report = self.report("-m", "libzmq", "--deadline=100", "--", PROGRAM)
        self.assertEqual(status, 97)
        timeout, late = report["findings"]
        self.assertEqual((timeout["kind"], timeout["function"], timeout["deferred"]), ("drain-timeout", "zmq_close", True))
        self.assertEqual((late["kind"], late["level"], late["function"]), ("freed-late", "note", "zmq_close"))
        self.assertEqual(late["call"]["thread"]["id"], timeout["in_flight"][0]["thread"]["id"])
        self.assertGreaterEqual(late["drain_ns"], 100_000_000)
        sockets = next(entry for entry in report["recordings"][0]["handles"] if entry["class"] == "socket")
        self.assertEqual((sockets["freed"], sockets["leaked"]), (1, 0))

    def test_where_it_is_leaked_the_context_waits_for_ever(self):
        result = self.handleguard("run", "-m", "libzmq", "--deadline=100", "--after-deadline=leak", "--",
                                  "timeout", "--signal=KILL", "2", PROGRAM)
        self.assertIn("drain-timeout", result.stderr)
        self.assertNotIn("the context has ended", result.stdout)


if __name__ == "__main__":
    unittest.main()
