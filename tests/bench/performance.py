"""Measures, and makes docs/performance.md's tables and pictures of it: performance.py HG_BENCH PAGE FOLDER [OPTION...].
scripts/performance says what the options are."""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import drawing

BARE, OURS = "bare call", "handleguard"
PEERS = {"counter in the library's own struct": "counter in the struct", "sharded rwlock table in a preload": "rwlock table",
         "LD_AUDIT that does nothing": "`LD_AUDIT`", "ThreadSanitizer's build": "ThreadSanitizer", "uftrace": "uftrace",
         "Valgrind's drd": "drd", "ltrace": "ltrace", "hand-written guard (two atomic adds)": "two atomic adds",
         "C wrapper that only calls through": "empty wrapper"}


def measure(bench, arguments):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "figures.json"
        subprocess.run([bench, "--json", file, *arguments], check=True, stdout=subprocess.DEVNULL)
        figures = json.loads(file.read_text(encoding="utf-8"))
    for series in figures["series"]:
        series["rounds"] = len(series.pop("sorted"))
        series["minimum"], series["median"] = (float(f"{series[key]:.5g}") for key in ("minimum", "median"))
    return {"machine": figures["machine"], "series": figures["series"]}


# --- tables ---


def by_measurement(series):
    rows = {}
    for one in series:
        rows.setdefault(one["measurement"], {})[one["variant"]] = one
    return rows


def number(figure):
    text = f"{figure:.1f}" if abs(figure) < 10 else f"{figure:.0f}"
    return re.sub(r"(?<=\d)(?=(\d{3})+$)", " ", text) if abs(figure) >= 10000 else text


def percent(bare, with_it):
    """Of next to nothing everything is many times as much."""
    return number(100 * (with_it / bare - 1)) if bare > 1 and with_it < 10 * bare else ""


def ours_of(variants):
    """The variants that are handleguard, and what to call each beside the measurement."""
    for name, one in variants.items():
        if name.startswith(OURS):
            yield name.removeprefix(OURS).lstrip(", ").replace(".h in", "`handleguard.h` in"), one


def rows_of(variants):
    bare = variants.get(BARE)
    others = "; ".join(f"{PEERS[name]} {number(one['minimum'] - bare['minimum'])}" for name, one in variants.items()
                       if name in PEERS and bare)
    for index, (what, one) in enumerate(ours_of(variants)):
        if bare:
            figures = [number(bare["minimum"]), number(one["minimum"] - bare["minimum"]),
                       number(one["median"] - bare["median"]),
                       percent(bare["minimum"], one["minimum"])]
        else:
            figures = ["", number(one["minimum"]), number(one["median"]), ""]
        yield what, [*figures, "" if index else others]


def table(series, wanted):
    lines = ["| what | unit | without | added, minimum | added, median | % | others add |", "|---|---|---|---|---|---|---|"]
    for name, variants in by_measurement(series).items():
        if wanted(name):
            unit = next(iter(variants.values()))["unit"]
            lines += [f"| {name}{f' ({what})' if what else ''} | {unit} | {' | '.join(cells)} |"
                      for what, cells in rows_of(variants)]
    return "\n".join(lines)


def conditions(machine):
    return (f"{machine['processors']} processors ({machine['processor']}, {machine['architecture']}), {machine['system']} "
            f"{machine['release']}, GNU C library {machine['libc']}, load {machine['load']:.1f} at the end, {machine['date']}")


def replace(page, name, text):
    found = re.subn(rf"(<!-- {name} -->\n).*?(\n<!-- end -->)", lambda match: match[1] + text + match[2], page, flags=re.S)
    if found[1] != 1:
        sys.exit(f"performance: the page has no place for {name}, which would stand between <!-- {name} --> and <!-- end -->")
    return found[0]


# --- curves ---


def points(series, curve, variant, added=True):
    """What a variant adds, by where on the curve. What threads do to each other is no matter of minima: that would be of a round in
    which they did not run at the same time."""
    statistic = "median" if curve.startswith("threads") else "minimum"
    bare = {one["at"]: one[statistic] for one in series if one["curve"] == curve and one["variant"] == BARE}
    return [(one["at"], one[statistic] - (bare[one["at"]] if added else 0)) for one in series
            if one["curve"] == curve and one["variant"] == variant]


def by_functions(series, curve, factor):
    """The same where the variant says how many functions there are."""
    bare = next((one["minimum"] for one in series if one["curve"] == curve and one["variant"] == BARE), None)
    for one in series:
        count = re.search(r"(\d+) functions", one["variant"])
        if one["curve"] == curve and count:
            yield int(count[1]), factor * (one["minimum"] - bare)


def pictures(series):
    guards = {OURS: OURS, **{name: PEERS[name] for name in ("sharded rwlock table in a preload", "counter in the library's own struct")}}
    for name, curve, title, across in (
            ("growth-handles", "handles", "An op on one of many handles, picked at random", "handles"),
            ("growth-threads-own", "threads with own handles", "An op, where each thread has a handle of its own", "threads"),
            ("growth-threads-shared", "threads with one handle", "An op, where all threads have one handle", "threads")):
        picture = drawing.Picture(name, title, across, "added, ns")
        for variant, label in guards.items():
            picture.add(label, points(series, curve, variant))
        yield picture
    picture = drawing.Picture("growth-families", "A free of a handle with two children beside others like it", "families", "added, ns")
    picture.add(OURS, points(series, "families", OURS))
    yield picture
    picture = drawing.Picture("growth-reports", "A report of many", "findings, recordings", "processor time, ms")
    picture.add("findings in one recording", points(series, "findings", OURS, added=False))
    picture.add("recordings", points(series, "recordings", OURS, added=False))
    yield picture
    picture = drawing.Picture("growth-functions", "With a manifest of many functions", "functions", "added, us")
    picture.add("start of a program", by_functions(series, "functions, start", 1000))
    picture.add("dlopen and dlclose", by_functions(series, "functions, dlopen and dlclose", 1))
    yield picture
    picture = drawing.Picture("growth-libraries", "dlopen and dlclose where many libraries are loaded", "libraries", "added, us")
    for variant, label in (("handleguard, 10000 functions", "10000 functions"), ("handleguard, SQLite's manifest", "SQLite"),
                           ("handleguard, 10 functions", "10 functions")):
        picture.add(label, points(series, "libraries", variant))
    yield picture


def write_page(path, figures):
    page = path.read_text(encoding="utf-8")
    page = replace(page, "table", table(figures["table"]["series"], lambda name: not name.startswith("program:")))
    page = replace(page, "programs", table(figures["table"]["series"], lambda name: name.startswith("program:")))
    page = replace(page, "conditions of the tables", conditions(figures["table"]["machine"]) + ".")
    page = replace(page, "conditions of the curves", conditions(figures["curves"]["machine"]) + ".")
    path.write_text(page, encoding="utf-8")


def arguments_of(line):
    parser = argparse.ArgumentParser(prog="performance", description=__doc__)
    parser.add_argument("bench")
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rounds", default="11")
    parts = parser.add_mutually_exclusive_group()
    for part in ("draw", "table", "curves"):
        parts.add_argument(f"--{part}", action="store_const", dest="part", const=part)
    return parser.parse_args(line)


def main(line):
    wanted = arguments_of(line)
    kept = wanted.folder / "performance.json"
    figures = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    if wanted.part in (None, "table"):
        figures["table"] = measure(wanted.bench, ["--rounds", wanted.rounds])
    if wanted.part in (None, "curves"):
        figures["curves"] = measure(wanted.bench, ["--curves"])
    kept.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for missing in {"table", "curves"} - set(figures):
        sys.exit(f"performance: {kept} has no {missing} yet: scripts/performance --{missing} measures it")
    for picture in pictures(figures["curves"]["series"]):
        if picture.lines:
            picture.draw(wanted.folder)
    write_page(wanted.page, figures)


if __name__ == "__main__":
    main(sys.argv[1:])
