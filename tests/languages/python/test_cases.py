"""Tests of pytest, each of which closes a gate twice somewhere; so do those of cases.py, which pytest runs too."""
import threading

import pytest

from cases import Around, Coroutine, Method, close_twice  # noqa: F401


def test_function():
    close_twice("test_cases.py::test_function")


@pytest.mark.parametrize("number", [1, 2])
def test_parameters(number):
    close_twice("test_cases.py::test_parameters")


class TestClass:
    class TestInner:
        def test_method(self):
            close_twice("test_cases.py::TestClass::TestInner::test_method")


def test_thread():
    """A thread of a test has none of its frames."""
    thread = threading.Thread(target=close_twice, args=(None,))
    thread.start()
    thread.join()


@pytest.fixture
def fixture():
    close_twice(None)


def test_with_fixture(fixture):
    pass
