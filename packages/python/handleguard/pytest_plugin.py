"""The plugin for pytest: `pytest --handleguard sqlite3` runs the tests under guards, and tells each finding at its test.

A finding belongs to the test that is being run when it comes. Its calls may be of other tests: of threads that these left
behind. Each test is a label, which is the thread's that says it and of those that it starts; so both sides are told by name.
"""
import gc
import os

import pytest

from . import guards, pytest_settings, pytest_start
from .findings import Ledger
from .pytest_verdict import Accepting, Summary, judge

MARKER = ("handleguard_accept(kind, function='*', class_name='*', reason=...): findings of this test that fit these patterns "
          "fail nothing")


def pytest_addoption(parser):
    pytest_settings.add(parser)


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config):
    """Before coverage is measured, before output is captured, before a conftest.py has done anything."""
    def suspend():
        capture = early_config.pluginmanager.getplugin("capturemanager")
        if capture:
            capture.suspend_global_capture(in_=True)

    pytest_start.start_anew(pytest_settings.Settings(early_config), suspend)
    yield


def pytest_configure(config):
    config.addinivalue_line("markers", MARKER)
    found = guards.find()
    if not found:
        return
    os.environ.pop(pytest_start.STARTED, None)
    settings = pytest_settings.Settings(config)
    config.pluginmanager.register(Tests(settings, ledger_of(found, settings)), "handleguard-tests")
    config.pluginmanager.register(Summary(), "handleguard-summary")


_ledgers = []


def ledger_of(found, settings):
    """The one of this process: a test may itself call pytest.main()."""
    if not _ledgers:
        _ledgers.append(Ledger(found, settings.options_of_report()))
    return _ledgers[0]


class Tests:
    """Where there are guards: labels the tests, and looks after each step of a test what has come."""

    label = None

    def __init__(self, settings, ledger):
        self.settings = settings
        self.ledger = ledger

    def pytest_collection_modifyitems(self, items):
        for item in items:
            Accepting.of(item)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        before, Tests.label = Tests.label, item.nodeid
        self.ledger.guards.label(item.nodeid)
        self.ledger.look()  # what came between tests is of none
        yield
        Tests.label = before
        if before:
            self.ledger.guards.label(before)

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        outcome = yield
        report = outcome.get_result()
        if call.when == "teardown" and self.settings.gc:
            collect_garbage(item)
        findings = self.ledger.look()
        if findings:
            judge(item, report, findings, self.settings)
            for finding in findings:
                self.ledger.announce(finding)

    def pytest_sessionfinish(self):
        if not Tests.label:
            self.ledger.guards.label(None)


def collect_garbage(item):
    """After the test's teardown, when nobody else needs what its fixtures have given it."""
    given = getattr(item, "funcargs", None)
    if given:
        given.clear()
    gc.collect()
