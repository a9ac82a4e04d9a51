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


if __name__ == "__main__":
    unittest.main()
