"""The composite action (action.yml), each step of which is run as a runner would: inputs come in by `env`, outputs and more folders
of the path go out by files. And the workflow that uses it on the project itself, with the same."""
import pathlib
import re
import subprocess
import unittest

import yaml

from support import BIN, SOURCE, CommandLineTest

ACTION = yaml.safe_load((SOURCE / "action.yml").read_text("utf-8"))
WORKFLOW = yaml.safe_load((SOURCE / ".github/workflows/guarded.yml").read_text("utf-8"))


class Action(CommandLineTest):
    def use(self, **inputs):
        """The exit status of the last step, its output, and the outputs."""
        given = {name: described.get("default") for name, described in ACTION["inputs"].items()} | inputs
        self.assertNotIn(None, given.values())
        values = {f"inputs.{name}": value for name, value in given.items()} | {"github.action_path": str(SOURCE)}
        outputs, path = self.folder / "outputs", self.folder / "path"
        outputs.touch()
        environment = self.environment | {"GITHUB_OUTPUT": str(outputs), "GITHUB_PATH": str(path),
                                          "PATH": f"{BIN}:{self.environment['PATH']}"}
        for step in ACTION["runs"]["steps"]:
            self.assertEqual(step["shell"], "bash")
            given = {name: re.sub(r"\$\{\{ (\S+) \}\}", lambda match: values[match[1]], value) for name, value in step["env"].items()}
            result = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]], cwd=self.folder,
                                    env=environment | given, capture_output=True, text=True, timeout=300, check=False)
        self.assertFalse(path.exists()) # it was there already
        return result.returncode, result.stdout + result.stderr, dict(
            line.split("=", 1) for line in outputs.read_text("utf-8").splitlines())

    def test_on_the_project_itself(self):
        (use,) = [step["with"] for step in WORKFLOW["jobs"]["guarded"]["steps"] if step.get("uses") == "./"]
        status, said, outputs = self.use(**{**use, "run": f"cd {SOURCE}\n{use['run']}"})
        self.assertEqual(status, 0, said)
        self.assertIn("handleguard: 0 findings in 1 recording", said)
        self.assertEqual(set(outputs), set(ACTION["outputs"]))

    def test_a_race(self):
        status, said, outputs = self.use(manifest="libzmq\nsqlite3", options="--deadline=200",
                                         run=f"true\npython3 {SOURCE}/tests/wheel/race.py")
        self.assertEqual(status, 97, said)
        self.assertRegex(said, r"(?m)^::error file=.*race\.py,line=\d+")
        report = pathlib.Path(self.folder / outputs["report"]).read_text("utf-8")
        self.assertIn("drain-timeout of stmt", report)
        self.assertTrue((self.folder / outputs["sarif"]).exists())

    def test_commands_that_fail(self):
        status, said, _ = self.use(manifest="sqlite3", run="(exit 3)\ntrue")
        self.assertEqual(status, 3, said) # as bash stops at the first


if __name__ == "__main__":
    unittest.main()
