"""What happens in no test: while tests are collected, in a program that one starts, and after the last."""
import atexit
import subprocess
import sys

from gates import close_once, close_twice


def closes_while_collected():
    close_twice()


def closes_at_exit():
    close_twice()


closes_while_collected()


def test_starts_program():
    close_once()
    subprocess.run([sys.executable, "-c", "import gates; gates.close_twice()"], check=True)


def test_leaves_work_for_the_end():
    atexit.register(closes_at_exit)
