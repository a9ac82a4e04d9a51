"""A ZeroMQ socket is closed under a parked recv(): both are reported, and nobody hangs."""
import unittest

from support import SOURCE, CommandLineTest


class CloseInRecv(CommandLineTest):
    def test_the_binding_closes_with_pythons_lock_and_is_not_held_up(self):
        status, report = self.report("-m", "libzmq", "--", "/usr/bin/python3",
                                     SOURCE / "tests/demo/zmq_close_in_recv.py")
        self.assertEqual(status, 97)
        (race,) = [finding for finding in report["findings"] if finding["level"] == "error"]
        self.assertEqual((race["kind"], race["class"], race["function"]), ("late-free", "socket", "zmq_close"))
        self.assertEqual((race["deferred"], race["locked"], race["drain_ns"]), (True, True, 0))

    def test_the_close_is_reported_against_the_parked_receive(self):
        status, report = self.report("-m", "libzmq", "--drain=wait", "--deadline=300", "--", "/usr/bin/python3",
                                     SOURCE / "tests/demo/zmq_close_in_recv.py")
        self.assertEqual(status, 97)
        (race,) = [finding for finding in report["findings"] if finding["level"] == "error"]
        self.assertEqual((race["kind"], race["class"], race["function"]), ("drain-timeout", "socket", "zmq_close"))
        (op,) = race["in_flight"]
        self.assertEqual(op["function"], "zmq_msg_recv")
        self.assertNotEqual(op["thread"]["id"], race["call"]["thread"]["id"])
        self.assertEqual(race["deadline_ns"], 300_000_000)
        self.assertGreaterEqual(race["drain_ns"], 300_000_000)


if __name__ == "__main__":
    unittest.main()
