"""Go programs that use cgo: a stream whose context is cancelled, one that is finalized in the middle of a call."""
import unittest

import bindings


class Go(bindings.BindingTest):
    def compile(self, name):
        program = self.folder / name
        self.build("go", "build", "-o", program, bindings.HERE / "go" / f"{name}.go", GOFLAGS="-mod=mod",
                   CGO_ENABLED="1", CGO_CFLAGS=f"-I{bindings.INCLUDE}", CGO_LDFLAGS=f"-L{bindings.GATE} -lgate")
        return program

    def test_context_is_cancelled_while_a_goroutine_receives(self):
        self.assert_late_free(self.compile("cancel"))

    def test_finalizer_runs_while_a_goroutine_receives(self):
        self.assert_late_free(self.compile("finalizer"))


    def setUp(self):
        super().setUp()
        self.environment["LD_LIBRARY_PATH"] = str(bindings.GATE)

    def test_what_is_left_at_the_end_is_a_leak(self):
        program = self.compile("leak")
        for way in "return", "exit":
            with self.subTest(way=way):
                status, told = self.report("-m", bindings.MANIFEST, "--", program, way)
                self.assertEqual(status, 0)
                leak, = told["findings"]
                self.assertEqual((leak["kind"], leak["class"], leak["count"], leak["example"]),
                                 ("leak", "gate", 2, True))
                self.assertEqual(leak["create"]["function"], "gate_open")
                functions = [frame["function"] for frame in leak["create"]["stack"]]
                self.assertTrue(functions[0].endswith("_Cfunc_gate_open"), functions)
                self.assertIn("was still live when the process ended", leak["story"])
                self.assertNotIn("exit handlers", told["recordings"][0]["ended"]["text"])

    def test_what_is_live_when_it_crashes_is_no_leak(self):
        _, told = self.report("-m", bindings.MANIFEST, "--", self.compile("leak"), "kill")
        self.assertEqual(told["findings"], [])


if __name__ == "__main__":
    unittest.main()
