"""Test cases of unittest, each of which closes a gate twice somewhere. It prints what must be told of each, in the order
of the closes."""
import asyncio
import functools
import json
import unittest
import unittest.mock

from late_free import open_ctypes

LIBRARY = open_ctypes()
QUALIFIED = hasattr((lambda: 0).__code__, "co_qualname")


def close_twice(test, sure=True, since_qualified=False):
    if since_qualified and not QUALIFIED:
        test = ""
    gate = LIBRARY.gate_open()
    LIBRARY.gate_close(gate)
    LIBRARY.gate_close(gate)
    print(json.dumps({"test": test if QUALIFIED or test is None else test.rpartition(".")[2] or None, "sure": sure}), flush=True)


def deep(levels, test):
    """Places are told apart by eight frames; a stack may be another one's further out."""
    if levels:
        deep(levels - 1, test)
    else:
        close_twice(test, sure=False)


def decorated(function):
    @functools.wraps(function)
    def wrapper(*arguments):
        function(*arguments)
    return wrapper


class Method(unittest.TestCase):
    def test_method(self):
        close_twice("Method.test_method")

    def test_subtest(self):
        with self.subTest(number=1):
            close_twice("Method.test_subtest")

    @decorated
    def test_decorated(self):
        close_twice("Method.test_decorated")

    @unittest.mock.patch("json.loads")
    def test_patched(self, _):
        close_twice("Method.test_patched")

    def test_deep(self):
        deep(8, "Method.test_deep")

    def test_raises(self):
        with self.assertRaises(ZeroDivisionError):
            close_twice("Method.test_raises")
            raise ZeroDivisionError


class Inherited(unittest.TestCase):
    """Where the code of a test stands is told, not what it is run for."""
    class Base(unittest.TestCase):
        def test_of_base(self):
            close_twice("Inherited.Base.test_of_base")


class Derived(Inherited.Base):
    pass


class Around(unittest.TestCase):
    def setUp(self):
        close_twice("Around.setUp")
        self.addCleanup(self.clean)

    def tearDown(self):
        close_twice("Around.tearDown")

    def clean(self):
        close_twice("Around.clean", since_qualified=True)

    def test_nothing(self):
        pass


class Coroutine(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        close_twice("Coroutine.asyncSetUp")

    async def test_coroutine(self):
        await asyncio.sleep(0)
        close_twice("Coroutine.test_coroutine")

    async def test_awaits(self):
        await self.awaited()

    async def awaited(self):
        await asyncio.sleep(0)
        close_twice("Coroutine.test_awaits")


if __name__ == "__main__":
    unittest.main()
