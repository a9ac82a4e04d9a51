"""The table of subcommands."""
import re
import unittest

from support import SOURCE, CommandLineTest

COMMANDS = ("run", "doctor", "report", "manifest", "help", "version")


class Commands(CommandLineTest):
    def test_help_lists_every_command_with_a_line(self):
        result = self.handleguard("--help")
        self.assertEqual(result.returncode, 0)
        for command in COMMANDS:
            self.assertRegex(result.stdout, rf"(?m)^  {command} +\S.{{10,}}$")

    def test_help_is_said_in_three_ways(self):
        said = {self.handleguard(*words).stdout for words in (("help",), ("--help",), ("-h",))}
        self.assertEqual(len(said), 1)

    def test_each_command_has_help(self):
        for command in ("run", "doctor", "report", "manifest"):
            result = self.handleguard("help", command)
            self.assertEqual(result.returncode, 0, command)
            self.assertIn("Usage: ", result.stdout)
            self.assertEqual(result.stdout, self.handleguard(command, "--help").stdout)

    def test_version_is_that_of_the_project(self):
        version = re.search(r"project\(handleguard VERSION (\S+)", (SOURCE / "CMakeLists.txt").read_text())[1]
        for words in (("version",), ("--version",), ("-V",)):
            result = self.handleguard(*words)
            self.assertEqual((result.stdout, result.returncode), (f"handleguard {version}\n", 0))

    def test_no_command_prints_help_and_fails(self):
        result = self.handleguard()
        self.assertEqual(result.returncode, 2)
        self.assertIn("Usage: handleguard COMMAND", result.stderr)

    def test_wrong_command_names_the_nearest(self):
        for typed, meant in (("rnu", "run"), ("reprot", "report"), ("manifests", "manifest"), ("hlep", "help")):
            self.assert_fails(self.handleguard(typed), 2,
                              f"handleguard: there is no command '{typed}'; did you mean '{meant}'?")

    def test_wrong_command_near_nothing(self):
        self.assert_fails(self.handleguard("xyzzyxyzzy"), 2,
                          "handleguard: there is no command 'xyzzyxyzzy'; handleguard --help lists them")

    def test_an_option_before_the_command(self):
        self.assert_fails(self.handleguard("--frobnicate"), 2, "handleguard: there is no option --frobnicate before the "
                          "command; handleguard --help lists them")
        self.assert_fails(self.handleguard("-m", "sqlite3", "--", "true"), 2,
                          "handleguard: there is no option -m before the command; handleguard --help lists them")
        self.assert_fails(self.handleguard("--hepl"), 2,
                          "handleguard: there is no option --hepl before the command; did you mean --help?")

    def test_help_of_a_wrong_command(self):
        self.assert_fails(self.handleguard("help", "rnu"), 2,
                          "handleguard: there is no command 'rnu'; did you mean 'run'?")


class RunHelp(CommandLineTest):
    def test_every_option_of_the_runtime_is_there_with_its_preset(self):
        text = (SOURCE / "runtime/format/options.def").read_text(encoding="utf-8")
        options = re.findall(r'^HG_OPTION_(\w+)\((\w+), "(\w+)", "([\w-]+)", "([^"]*)", ("?)([^",]*)', text, re.M)
        self.assertGreater(len(options), 5)
        shown = re.sub(r"\s+", " ", self.handleguard("run", "--help").stdout)
        for kind, field, _, name, placeholder, _, preset in options:
            self.assertIn(f"--{name}={placeholder}", shown)
            if kind == "CHOICE":
                preset = placeholder.split("|")[int(preset)]
            if kind == "PATH" and not preset:
                preset = "none"
            if field != "output":
                self.assertRegex(shown, rf"--{re.escape(name)}=.*?\({re.escape(preset)}\)")

    def test_every_option_of_the_tool_is_there(self):
        shown = self.handleguard("run", "--help").stdout
        for option in ("-m, --manifest=", "-o, --output=", "--format=", "--fail-on=", "--error-exitcode=", "--keep",
                       "--report="):
            self.assertIn(option, shown)


if __name__ == "__main__":
    unittest.main()
