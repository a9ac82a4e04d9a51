"""How pytest comes under the guards: it is started anew, once, by `handleguard run`."""
import os
import shlex
import sys

import _pytest.config
import pytest

from . import guards, program

STARTED = "PYTEST_HANDLEGUARD_STARTED"  # in the environment of what was started anew
ENTRIES = ("console_main", "_console_main")  # what pytest's own program calls, by release
ONLY_TELLS = ("help", "version", "markers", "showfixtures", "show_fixtures_per_test", "collectonly", "cacheshow", "setupplan")


def command_of_this_process():
    """As it was typed, but with the interpreter's whole path."""
    try:
        words = sys.orig_argv
    except AttributeError:  # before 3.10
        with open("/proc/self/cmdline", "rb") as file:
            words = [os.fsdecode(word) for word in file.read().split(b"\0")[:-1]]
    return [sys.executable, *words[1:]]


def is_pytest_itself():
    """Whether this is pytest's own program, and not one that has called pytest.main()."""
    frame = sys._getframe()
    while frame:
        if frame.f_code.co_name in ENTRIES and frame.f_code.co_filename == _pytest.config.__file__:
            return True
        frame = frame.f_back
    return False


def start_anew(settings, suspend):
    """Does not come back where this process is to be another; `suspend` gives the standard streams back to it."""
    if not settings.manifests or guards.find() or any(settings.says(word) for word in ONLY_TELLS):
        return
    options = settings.options_of_run()
    if not is_pytest_itself():
        typed = ["handleguard", *options, *command_of_this_process()]
        raise pytest.UsageError("--handleguard: pytest was called by a program, which cannot be started anew behind its "
                                f"back; start it so: {shlex.join(typed)}")
    if STARTED in os.environ:
        raise pytest.UsageError("--handleguard: no guards came up in this interpreter; `handleguard doctor` says why: "
                                + shlex.join(["handleguard", "doctor", "-m", settings.manifests[0], "--", sys.executable]))
    suspend()
    sys.stdout.flush()
    sys.stderr.flush()
    os.environ[STARTED] = "1"
    os.execv(program(), ["handleguard", *options, *command_of_this_process()])
