"""Places in the code of users: a function of a binding or of its tests, and what stands on the line where it goes
on."""
import ast
import dataclasses
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent


def _lines_of_go(source, function):
    """First and last line of a function; of a closure, those of the function that it stands in."""
    receiver, _, name = function.rpartition(").")
    named = name.split(".")[0]
    begin = rf"func \(\w+ {re.escape(receiver[1:])}\) {named}\(" if receiver else rf"func {named}\("
    match = re.search(rf"^{begin}.*?^}}$", source, re.MULTILINE | re.DOTALL)
    return source.count("\n", 0, match.start()) + 1, source.count("\n", 0, match.end()) + 1


def _lines_of_python(source, function):
    node = ast.parse(source)
    for name in function.replace(".<locals>", "").split("."):
        node = next(each for each in ast.walk(node) if getattr(each, "name", None) == name)
    return node.lineno, node.end_lineno


@dataclasses.dataclass(frozen=True)
class Place:
    """FUNCTION, as reports call it, goes on at its one line that holds TEXT. FILE is below this folder; in front of
    names of Go's stands their package."""
    file: str
    function: str
    text: str

    def line(self):
        source = (HERE / self.file).read_text(encoding="utf-8")
        if self.file.endswith(".go"):
            first, last = _lines_of_go(source, self.function.partition(".")[2])
        else:
            first, last = _lines_of_python(source, self.function)
        number, = (number for number, line in enumerate(source.splitlines(), 1)
                   if first <= number <= last and self.text in line)
        return number

    def told(self):
        """As a report tells it."""
        return self.function, str(HERE / self.file), self.line()


@dataclasses.dataclass(frozen=True)
class UserCode:
    """The places on each side of a finding, innermost first, as they follow each other there. FREE is that of a late
    call; RUN_BY says what called for the free by itself, if anything, and CREATED_BY who created its goroutine: checked
    if it is said."""
    call: tuple = ()
    create: tuple = ()
    op: tuple = ()
    free: tuple = ()
    run_by: str = None
    created_by: Place = None

    def missing_in(self, finding):
        """Which places are not told where they must be, and what is told there; the same of who freed."""
        op, = finding["in_flight"] or [None]
        sides = {"call": finding["call"], "create": finding["create"], "op": op, "free": finding["free"]}
        missing = []
        for side, call in sides.items():
            places = [place.told() for place in getattr(self, side)]
            told = [(frame["function"], frame["file"], frame["line"]) for frame in call["frames"]] if call else []
            if not any(told[i:i + len(places)] == places for i in range(len(told) + 1)):
                missing.append((side, places, told))
        creator = finding["call"] and finding["call"]["goroutine_created_by"]
        if self.created_by and (not creator or self.created_by.told() != (creator["function"], creator["file"], creator["line"])):
            missing.append(("created_by", self.created_by.told(), creator))
        run_by = finding["call"] and finding["call"]["run_by"]
        return missing if run_by == self.run_by else [*missing, ("run_by", self.run_by, run_by)]
