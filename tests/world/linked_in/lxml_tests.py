"""Usage: lxml_tests.py: runs lxml's own tests, as their modules put them together; one line a test of how it ended."""
import importlib
import sys
import unittest

MODULES = ("dtd", "elementtree", "errors", "etree", "htmlparser", "incremental_xmlfile", "io", "nsclasses", "objectify", "relaxng",
           "sax", "schematron", "threading", "xmlschema", "xpathevaluator", "xslt")


class Lines(unittest.TestResult):
    def stopTest(self, test):
        super().stopTest(test)
        ended = [name for name in ("failures", "errors", "skipped")
                 if any(each is test for each, _ in getattr(self, name))]
        print("ended:", test.id(), *ended)


suites = [importlib.import_module(f"lxml.tests.test_{name}").test_suite() for name in MODULES]
unittest.TestSuite(suites).run(Lines())
sys.exit(0)
