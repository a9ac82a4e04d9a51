"""What findings do to the test that they belong to, and how they are told."""
import fnmatch
import importlib.util
import os
import runpy

import pytest
from _pytest._code.code import ReprEntryNative, ReprExceptionInfo, ReprFileLocation, ReprTraceback

from . import findings as words

TITLE = "handleguard"
PACKAGES = map(importlib.util.find_spec, ("pytest", "_pytest", "pluggy", "xdist", "execnet"))
RUNNERS = (*(os.path.dirname(package.origin) + os.sep for package in PACKAGES if package), runpy.__file__, "<frozen runpy>")


class Accepting:
    """A marker by which a test accepts findings."""

    def __init__(self, kind, function="*", class_name="*", *, reason):
        self.patterns = {"kind": kind, "function": function, "class": class_name}
        self.reason = reason

    @classmethod
    def of(cls, item):
        """Those of a test. One that gives no reason, or what there is not, is a mistake of who wrote it."""
        try:
            return [cls(*mark.args, **mark.kwargs) for mark in item.iter_markers("handleguard_accept")]
        except TypeError as error:
            raise pytest.UsageError(f"{item.nodeid}: the marker handleguard_accept takes a kind of finding, patterns for "
                                    f"`function` and `class_name`, and must have a `reason`: {error}") from None

    def fits(self, finding):
        texts = {name: [finding[name]] for name in self.patterns}
        texts["function"].append(finding["other_function"])
        return all(any(fnmatch.fnmatchcase(text or "", pattern) for text in texts[name])
                   for name, pattern in self.patterns.items())


def judge(item, report, findings, settings):
    """Fails the report, or adds to it, and leaves in it what the summary tells. All of it can be sent to another process."""
    accepting = Accepting.of(item)

    def shorten(path):
        return shortened(path, item.config)

    lines, failing, told = [], [], []
    for finding in findings:
        accepted = next((each.reason for each in accepting if each.fits(finding)), None)
        fails = accepted is None and settings.fails(finding)
        brief = list(words.brief(finding, shorten))
        told.append({"test": item.nodeid, "brief": brief, "accepted": accepted})
        item.user_properties.append((TITLE, brief[0]))
        if report.when == "teardown":
            report.user_properties.append((TITLE, brief[0]))
        if fails:
            failing.append(finding)
            lines += [*words.text(finding, shorten, lambda path: path.startswith(RUNNERS)), ""]
    report.handleguard = told
    if failing and report.outcome != "failed" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = representation(failing, lines[:-1], item)
    elif failing:
        report.sections.append((TITLE, "\n".join(lines[:-1])))


def shortened(path, config):
    """Below the tests' root, from there."""
    root = str(config.rootpath) + os.sep
    return path[len(root):] if path.startswith(root) else path


def representation(failing, lines, item):
    """As of an exception, so that its first line stands in the short summary and in JUnit's message."""
    more = f", and {len(failing) - 1} more" if len(failing) > 1 else ""
    path, line = words.place(failing[0]) or (str(item.path), 0)
    crash = ReprFileLocation(shortened(path, item.config), line, f"{TITLE}: {words.title(failing[0])}{more}")
    entry = ReprEntryNative([line + "\n" for line in lines])
    return ReprExceptionInfo(ReprTraceback([entry], None, "native"), crash)


class Summary:
    """A section at the end, if anything was found."""

    def __init__(self):
        self.told = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        self.told += getattr(report, "handleguard", [])

    def pytest_terminal_summary(self, terminalreporter):
        if not self.told:
            return
        terminalreporter.section(TITLE)
        for each in self.told:
            title, *sides = each["brief"]
            if each["accepted"] is not None:
                title, sides = f"accepted: {title}: {each['accepted']}", []
            for line in (f"{each['test']}: {title}", *sides):
                terminalreporter.line(line)
