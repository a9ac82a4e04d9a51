#!/usr/bin/env python3
"""The audit must find each kind of mistake: make one at a time in a right manifest, and look for the sentence.

usage: test_audit.py MANIFEST-DIRECTORY SQLITE.so ZMQ.so
"""
import copy
import os
import sys
import unittest

import audit

HERE = os.path.dirname(os.path.abspath(__file__))
MANIFESTS, LIBRARIES = None, None
LOADED = {}


def loaded(name):
    if name not in LOADED:
        rules = audit.load(os.path.join(HERE, name + ".audit.yaml"))
        manifest = audit.load(os.path.join(MANIFESTS, name + ".yaml"))
        LOADED[name] = manifest, rules, audit.Header(rules, HERE, None), audit.exports(LIBRARIES[name])
    return LOADED[name]


class Mistakes(unittest.TestCase):
    def problems(self, name, change, rules_change=None):
        manifest, rules, header, exported = loaded(name)
        manifest, rules = copy.deepcopy(manifest), copy.deepcopy(rules)
        change(manifest["functions"])
        if rules_change:
            rules_change(rules)
        return audit.Audit(manifest, rules, header, exported).run()

    def finds(self, name, sentence, change, rules_change=None):
        problems = self.problems(name, change, rules_change)
        self.assertTrue(any(sentence in problem for problem in problems), f"{sentence!r} is not in {problems}")

    def test_right_manifests_have_no_problem(self):
        for name in ("sqlite3", "libzmq"):
            self.assertEqual(self.problems(name, lambda functions: None), [])

    def test_each_forgotten_function_is_missed(self):
        for name in ("sqlite3", "libzmq"):
            for function in loaded(name)[0]["functions"]:
                self.finds(name, f"{function}: is not in the manifest, but uses", lambda f, n=function: f.pop(n))

    def test_invented_function(self):
        self.finds("sqlite3", "sqlite3_unheard_of: is in the manifest, but no header declares it",
                   lambda f: f.update(sqlite3_unheard_of={"op": {"db": 0}}))

    def test_function_that_the_library_lacks(self):
        self.finds("libzmq", "zmq_poller_new: is in the manifest, but the library does not export it",
                   lambda f: None, lambda r: r.update(elsewhere={}))

    def test_wrong_argument(self):
        self.finds("libzmq", "zmq_msg_send: uses socket 0, but the header says socket 1",
                   lambda f: f["zmq_msg_send"].update(op={"socket": 0}))

    def test_floating_argument_is_not_counted(self):
        _, _, header, _ = loaded("sqlite3")
        self.assertEqual(len(header.functions["sqlite3_bind_double"].arguments), 2)

    def test_forgotten_second_handle(self):
        self.finds("sqlite3", "sqlite3_backup_init: uses db 0, but the header says db 0, db 2",
                   lambda f: f["sqlite3_backup_init"].update(op={"db": 0}))

    def test_wrong_class(self):
        self.finds("sqlite3", "sqlite3_step: uses db 0, but the header says stmt 0",
                   lambda f: f["sqlite3_step"].update(op={"db": 0}))

    def test_wrong_out_argument(self):
        self.finds("sqlite3", "sqlite3_prepare_v3: hands out stmt 3, but the header says stmt 4",
                   lambda f: f["sqlite3_prepare_v3"].update({"from": "*3"}))

    def test_free_by_value_of_what_is_freed_by_address(self):
        self.finds("libzmq", "zmq_timers_destroy: uses timers 0, but the header says nothing",
                   lambda f: f["zmq_timers_destroy"].update(free={"timers": 0}))

    def test_lookup_is_no_create(self):
        self.finds("sqlite3", "sqlite3_next_stmt: hands out stmt return, but the header says nothing",
                   lambda f: f["sqlite3_next_stmt"].update({"create": "stmt", "from": "return"}))

    def test_wrong_result(self):
        self.finds("sqlite3", "sqlite3_column_double: returns int32, but the header says double",
                   lambda f: f["sqlite3_column_double"].pop("returns"))
        self.finds("sqlite3", "sqlite3_changes64: returns int32, but the header says int64",
                   lambda f: f["sqlite3_changes64"].pop("returns"))

    def test_inherited_error_code_as_a_pointer(self):
        self.finds("sqlite3", "sqlite3_column_text: a turned-away call returns the pointer 21",
                   lambda f: f["sqlite3_column_text"].pop("reject"))

    def test_stack_bytes(self):
        self.finds("sqlite3", "sqlite3_blob_open: hands on 0 bytes of stack arguments, but the header says 8",
                   lambda f: f["sqlite3_blob_open"].pop("stack_bytes"))
        self.finds("sqlite3", "sqlite3_db_config: is variadic, but hands on only 0 bytes",
                   lambda f: f["sqlite3_db_config"].pop("stack_bytes"))

    def test_zeroes_the_wrong_size(self):
        self.finds("sqlite3", "sqlite3_db_status: zeroes 8 bytes at argument 2, which holds 4",
                   lambda f: f["sqlite3_db_status"].update(zero=[{"arg": 2, "bytes": 8}]))

    def test_stale_out_arguments(self):
        self.finds("sqlite3", "sqlite3_prepare_v2: leaves a stale stmt at argument 3",
                   lambda f: f["sqlite3_prepare_v2"].pop("zero"))
        self.finds("sqlite3", "sqlite3_exec: leaves a stale error message at argument 4",
                   lambda f: f["sqlite3_exec"].pop("zero"))

    def test_reason_that_is_no_longer_true(self):
        self.finds("sqlite3", "sqlite3_value_int: is said to be left out",
                   lambda f: f.update(sqlite3_value_int={"op": {"value": 0}}))

    def test_parameter_that_nobody_judged(self):
        self.finds("libzmq", "nothing says whether its argument 0, 's_', is a handle",
                   lambda f: None, lambda r: r["parameters"].pop("s_"))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    MANIFESTS = sys.argv[1]
    LIBRARIES = {"sqlite3": sys.argv[2], "libzmq": sys.argv[3]}
    unittest.main(argv=sys.argv[:1])
