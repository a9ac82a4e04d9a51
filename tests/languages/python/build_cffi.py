"""Builds the cffi module _gate, which is linked with the library. Usage: build_cffi.py FOLDER INCLUDE LIBRARIES"""
import sys

import cffi

DECLARATIONS = """
typedef struct gate gate;
gate *gate_open(void);
int gate_wait(gate *g);
void gate_close(gate *g);
void gate_await_parked(gate *g, int count);
void gate_let_go(gate *g);
"""

if __name__ == "__main__":
    folder, include, libraries = sys.argv[1:]
    builder = cffi.FFI()
    builder.cdef(DECLARATIONS)
    builder.set_source("_gate", '#include "gate.h"', include_dirs=[include], library_dirs=[libraries], libraries=["gate"])
    builder.compile(tmpdir=folder)
