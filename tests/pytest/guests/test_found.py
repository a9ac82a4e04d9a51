"""Tests in which something is found; test_plugin.py says at which, and what becomes of them."""
import subprocess
import threading
import unittest

import pytest

from gates import close_once, close_twice, touch_late


def test_clean():
    close_once()


def test_call():
    close_twice()


@pytest.mark.parametrize("number", [1, 2])
def test_parameter(number):
    close_twice()


@pytest.mark.parametrize("number", [1, 2])
def test_often(number):
    """At the same lines each time: no call of the second is recorded any more."""
    for _ in range(12):
        close_twice()


@pytest.fixture
def before():
    close_twice()


@pytest.fixture
def after():
    yield
    close_twice()


def test_setup(before):
    pass


def test_teardown(after):
    pass


def test_fails_itself():
    close_twice()
    assert not "what it is about"


class Suite(unittest.TestCase):
    def test_method(self):
        close_twice()


class Left:
    """A thread that one test leaves behind, and another lets go on."""
    may_go = threading.Event()

    @classmethod
    def run(cls):
        cls.may_go.wait()
        close_twice()


def test_leaves_thread():
    Left.thread = threading.Thread(target=Left.run)
    Left.thread.start()


def test_lets_thread_go():
    Left.may_go.set()
    Left.thread.join()


@pytest.mark.handleguard_accept("repeat-free", function="gate_cl*", reason="it is about the second close")
def test_accepts():
    close_twice()


@pytest.mark.handleguard_accept("repeat-free", reason="it is about the second close")
def test_accepts_one_of_two():
    close_twice()
    touch_late()


@pytest.mark.xfail(strict=True)
def test_expected():
    close_twice()
    assert not "what it is about"


class Cycle:
    """Only the collector ends it."""

    def __init__(self):
        self.itself = self

    def __del__(self):
        close_twice()


def test_leaves_garbage():
    Cycle()


@pytest.fixture
def garbage():
    return Cycle()


def test_is_given_garbage(garbage):
    pass


def test_after_garbage():
    pass


def test_replaces_what_programs_are_started_with(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", None)
    close_twice()
