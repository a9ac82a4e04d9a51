"""Holds what the pages name against what is there: links, files, functions and words of the code, options of a run.

Usage: test_names.py SOURCE
"""
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(sys.argv[1])
PAGES = sorted([*SOURCE.glob("*.md"), *SOURCE.glob("docs/*.md")])
ABOUT_THE_CODE = ("architecture.md", "protocol.md", "glossary.md")
CODE = ("runtime", "shim", "tools", "tests", "docs", "scripts")
SUFFIXES = ("c", "h", "S", "def", "pml", "py", "yaml", "json", "patch")
MOST_LINES, LONGEST_REPORT = 120, 25  # of the README


def without_blocks(text):
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def files():
    """All of the project's files, as it knows them or, where it is no checkout, as they lie there."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=SOURCE, check=False,
                            capture_output=True, text=True).stdout.splitlines()
    return listed or [str(path.relative_to(SOURCE)) for top in CODE for path in (SOURCE / top).rglob("*") if path.is_file()]


def anchors(page):
    titles = re.findall(r"^#+ (.*)$", without_blocks(page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r" ", "-", re.sub(r"[^\w\- ]", "", title.lower())) for title in titles}


def dead_links(page, text):
    for target in re.findall(r"\]\(([^)]+)\)", without_blocks(text)):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        there = (page.parent / path).resolve() if path else page
        if not there.exists():
            yield f"the link {target} leads nowhere"
        elif anchor and anchor not in anchors(there):
            yield f"the link {target} leads to no heading"


def quoted(text):
    return set(re.findall(r"`([^`]+)`", re.sub(r"\s+", " ", without_blocks(text))))


def is_file(word):
    return re.fullmatch(rf"[\w.-]*\w\.({'|'.join(SUFFIXES)})", word)


def typed(text):
    """What stands in the commands of a page: files there may be its reader's own."""
    return set(re.findall(r"[\w.-]+", " ".join(re.findall(r"^    (\S.*)$", text, re.MULTILINE))))


def missing_files(text, names):
    for word in quoted(text) - typed(text):
        if is_file(word) and word not in names:
            yield f"there is no file {word}"


def missing_words(text, words):
    for quote in filter(lambda quote: not is_file(quote), quoted(text)):
        for word in re.findall(r"[A-Za-z_]\w*_\w+", quote):
            if word not in words:
                yield f"{word}, of `{quote}`, does not occur in the code"


def first_report(text):
    block = re.search(r"^```\n(handleguard: .*?)^```$", text, re.MULTILINE | re.DOTALL)
    return block[1].count("\n") if block else 0


def readme(text):
    if text.count("\n") > MOST_LINES:
        yield f"it has {text.count(chr(10))} lines, and may have {MOST_LINES}"
    if not 0 < first_report(text) <= LONGEST_REPORT:
        yield f"its report has {first_report(text)} lines, and may have {LONGEST_REPORT}"


def options(text):
    """The environment's table, of docs/run.md, says what options.def says."""
    defined = (SOURCE / next(name for name in files() if name.endswith("/options.def"))).read_text(encoding="utf-8")
    known = set()
    for kind, variable, option, rest in re.findall(r'HG_OPTION_(\w+)\(\w+, "(\w+)", "([\w-]+)",\s+([^\n]*)', defined):
        arguments = rest.split(", ")
        if kind == "CHOICE":
            words = arguments[0].strip('"').split("|")
            known.add((variable, f"--{option}", ", ".join(words), words[int(arguments[1].strip(","))]))
        elif kind == "NUMBER":
            known.add((variable, f"--{option}", f"{arguments[2]} to {arguments[3].strip(',')}", arguments[1]))
        elif kind == "LETTERS":
            known.add((variable, f"--{option}", f"letters of {arguments[0].strip(chr(34))}", arguments[1].strip('",')))
        elif kind == "SWITCH":
            known.add((variable, f"--{option}", "off, on", "off"))
        elif arguments[0] == '"FILE"':
            known.add((variable, f"--{option}", "a file", "none"))
        elif arguments[1].strip(',') == '""':
            known.add((variable, f"--{option}", "a folder", "none"))
        else:
            known.add((variable, f"--{option}", "a folder of your own", "the current one; with `run`, a temporary one"))
    told = set(re.findall(r"^\| `(HANDLEGUARD_\w+)` \| `([\w-]+)` \| ([^|]*) \| ([^|]*) \|$", text, re.MULTILINE))
    for row in known ^ told:
        yield f"{'options.def has' if row in known else 'the table has'} {' | '.join(row)}"


def main():
    listed = files()
    names = {pathlib.PurePath(name).name for name in listed}
    texts = [(SOURCE / name).read_text(encoding="utf-8", errors="replace") for name in listed
             if name.split("/")[0] in CODE and not name.endswith(".md") and (SOURCE / name).is_file()]
    words = set(re.findall(r"\w+", "\n".join(texts)))
    faults = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        found = [*dead_links(page, text), *missing_files(text, names)]
        found += missing_words(text, words) if page.name in ABOUT_THE_CODE else []
        found += readme(text) if page == SOURCE / "README.md" else []
        found += options(text) if page.name == "run.md" else []
        faults += [f"{page.relative_to(SOURCE)}: {fault}" for fault in found]
    print("\n".join(faults) or f"{len(PAGES)} pages")
    sys.exit(1 if faults or len(PAGES) < len(ABOUT_THE_CODE) else 0)


main()
