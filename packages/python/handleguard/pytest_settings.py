"""What the command line and pyproject.toml say to the plugin."""
import os
import shlex

LEVELS = ("note", "warning", "error")

# Options of `handleguard run` that are said behind --handleguard-, and are handed on: what they are given, and their help.
HANDED_ON = {
    "provoke": (None, "hold calls back, so that near misses become races"),
    "learn": ("FILE", "append to FILE what provoked runs learn, and begin with what it knows"),
    "replay": ("FILE", "hold calls back only where FILE says that a race came of it"),
    "budget": ("PERCENT", "how much of the time calls may be held back (10)"),
    "delay": ("MS", "how long a call is held if the other side does not come (10)"),
    "points": ("LETTERS", "where calls are held, of bifal (bifa)"),
    "provoke-gc": ("on|off", "collect garbage often while calls may be held back (on)"),
    "seed": ("N", "the same number chooses the same calls"),
}
FILES = ("learn", "replay")


def _word_of(name):
    return "handleguard_" + name.replace("-", "_")


def add(parser):
    group = parser.getgroup("handleguard", "guards for the handles of native libraries")
    group.addoption("--handleguard", metavar="MANIFESTS", default=None,
                    help="guard these libraries: names on handleguard's shelf, or files; separated by commas. None: ''")
    group.addoption("--handleguard-mode", choices=("guard", "observe", "abort"), default=None,
                    help="what to do about a race: survive it, only record it, or end the process (guard)")
    group.addoption("--handleguard-fail-on", choices=(*LEVELS, "never"), default=None,
                    help="the lowest level of finding that fails its test (warning)")
    group.addoption("--handleguard-gc", action="store_true", default=None,
                    help="collect garbage after each test, so that what finalizers do belongs to it")
    group.addoption("--handleguard-suppressions", metavar="FILE", default=None,
                    help="findings that fit a suppression in this file are accepted")
    for name, (given, text) in HANDED_ON.items():
        how = {"metavar": given} if given else {"action": "store_true"}
        group.addoption(f"--handleguard-{name}", default=None, help=text, **how)
        parser.addini(_word_of(name), f"as --handleguard-{name}", **({"default": ""} if given else {"type": "bool", "default": False}))
    group.addoption("--handleguard-run", metavar="OPTIONS", default=None,
                    help="other options of `handleguard run`, such as '--deadline=200 --report=sarif:races.sarif'")
    parser.addini("handleguard", "libraries to guard, as for --handleguard", type="args", default=[])
    parser.addini("handleguard_mode", "as --handleguard-mode", default="guard")
    parser.addini("handleguard_fail_on", "as --handleguard-fail-on", default="warning")
    parser.addini("handleguard_gc", "as --handleguard-gc", type="bool", default=False)
    parser.addini("handleguard_suppressions", "as --handleguard-suppressions; from this file's folder", default="")
    parser.addini("handleguard_run", "as --handleguard-run", type="args", default=[])


class Settings:
    """The command line wins over the file."""

    def __init__(self, config):
        self._options = config.known_args_namespace
        self._config = config
        self.manifests = self._manifests()
        self.mode = self._word("mode")
        self.fail_on = self._word("fail_on")
        self.gc = self.says("handleguard_gc") or config.getini("handleguard_gc")
        given = self._option("suppressions")
        self.suppressions = given or self._from_file(config.getini("handleguard_suppressions"))

    def says(self, name):
        return getattr(self._options, name, None)

    def _option(self, name):
        return self.says(f"handleguard_{name}")

    def _word(self, name):
        return self._option(name) or self._config.getini(f"handleguard_{name}")

    def _from_file(self, path):
        """A path in the file begins in its folder."""
        folder = self._config.inipath.parent if self._config.inipath else self._config.invocation_params.dir
        return os.path.join(folder, path) if path else path

    def _manifests(self):
        given = self.says("handleguard")
        if given is not None:
            return [word for word in given.split(",") if word]
        words = [word for words in self._config.getini("handleguard") for word in words.split(",") if word]
        return [self._from_file(word) if "/" in word else word for word in words]

    def _handed_on(self):
        for name, (takes, _) in HANDED_ON.items():
            word = _word_of(name)
            given, in_file = self.says(word), self._config.getini(word)
            if name in FILES:
                in_file = self._from_file(in_file)
            if given or in_file:
                yield f"--{name}={given or in_file}" if takes else f"--{name}"

    def fails(self, finding):
        """What only `--handleguard-points=l` has shown is a hint."""
        return self.fail_on != "never" and finding["kind"] != "free-at-return" and \
            LEVELS.index(finding["level"]) >= LEVELS.index(self.fail_on)

    def options_of_report(self):
        return [f"--suppressions={self.suppressions}"] if self.suppressions else []

    def options_of_run(self):
        """All that stands between `handleguard` and the command."""
        given = self._option("run")
        more = shlex.split(given) if given is not None else self._config.getini("handleguard_run")
        verdict = ["--error-exitcode=0"] if self.fail_on == "never" else [f"--fail-on={self.fail_on}"]
        manifests = [word for name in self.manifests for word in ("-m", name)]
        return ["run", *manifests, f"--mode={self.mode}", *verdict, *self.options_of_report(), *self._handed_on(), *more, "--"]
