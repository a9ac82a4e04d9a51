"""Go programs that use cgo: a stream whose context is cancelled, one that is finalized in the middle of a call,
one whose C function to close it is a callback."""
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

    def test_close_is_handed_to_the_library_as_a_callback(self):
        self.assert_late_free(self.compile("callback"))

    def test_close_is_the_callback_of_an_op_on_the_same_gate(self):
        self.assertEqual(self.findings(self.compile("callback"), "itself"),
                         [("reentrant-free", "gate_close", ["gate_call"])])


if __name__ == "__main__":
    unittest.main()
