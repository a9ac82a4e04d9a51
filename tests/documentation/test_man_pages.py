"""Holds the man pages against the program: each can be read, and leaves nothing out that --help, the manual of the manifest or
the header has.

Usage: test_man_pages.py HANDLEGUARD MAN_FOLDER MANIFEST.md HANDLEGUARD.h
"""
import pathlib
import re
import subprocess
import sys

HANDLEGUARD, MAN, MANUAL, HEADER = sys.argv[1:]
TELLS_ITSELF = {"help", "version"}  # commands that handleguard(1) tells of
SUBCOMMANDS = {"manifest": ("build", "lint", "list")}


def pages():
    return {f"{path.stem}({path.suffix[1:]})": path for path in pathlib.Path(MAN).glob("man*/*")}


def wrong_with(page):
    """What mandoc warns of."""
    return subprocess.run(["mandoc", "-Tlint", "-Wwarning", page], capture_output=True, text=True, check=False).stdout.splitlines()


def words(page):
    """What is read on a page, without its line ends."""
    result = subprocess.run(["mandoc", "-Tascii", "-Owidth=1000", page], capture_output=True, text=True, check=True)
    return re.sub(r"\s+", " ", re.sub(r".\x08", "", result.stdout))


def help_of(*command):
    return subprocess.run([HANDLEGUARD, *command, "--help"], capture_output=True, text=True, check=True).stdout


def missing_options(command, text):
    for words_of_command in [(command,)] + [(command, name) for name in SUBCOMMANDS.get(command, ())]:
        options = re.findall(r"^ +(?:-., )?(--[\w-]+)", help_of(*words_of_command), re.MULTILINE)
        if "--help" not in options:
            yield f"no options were found in the help of {' '.join(words_of_command)}"
        for option in options:
            if not re.search(rf"{option}(?![\w-])", text):
                yield f"{option} of handleguard {' '.join(words_of_command)} is missing"


def missing_commands(text):
    commands = re.findall(r"^  (\w+)  +\S", help_of(), re.MULTILINE)
    for command in commands:
        if command not in text or (command not in TELLS_ITSELF and f"handleguard-{command}(1)" not in pages()):
            yield f"the command {command} is missing, or has no page"


def missing_of_manifest(text):
    """Keys, and ids of lint, that the manual's tables begin with."""
    keys = re.findall(r"^\| ((?:`[\w-]+`(?:, )?)+) \|", pathlib.Path(MANUAL).read_text(encoding="utf-8"), re.MULTILINE)
    for key in re.findall(r"[\w-]+", " ".join(keys)):
        if key not in text:
            yield f"{key} of the manual is missing"
    if len(keys) < 50:
        yield f"only {len(keys)} keys were found in the manual"


def missing_of_header(text):
    names = set(re.findall(r"\bhandleguard_\w+(?=\()|\bHANDLEGUARD_[A-Z_]+\b", pathlib.Path(HEADER).read_text(encoding="utf-8")))
    for name in names - {"HANDLEGUARD_H"}:
        if name not in text:
            yield f"{name} of the header is missing"
    if len(names) < 15:
        yield f"only {len(names)} names were found in the header"


def main():
    faults = []
    for name, page in pages().items():
        text = words(page)
        found = wrong_with(page)
        if name == "handleguard(1)":
            found += missing_commands(text)
        elif name == "handleguard-manifest(5)":
            found += missing_of_manifest(text)
        elif name == "handleguard.h(3)":
            found += missing_of_header(text)
        else:
            found += missing_options(name.removeprefix("handleguard-").removesuffix("(1)"), text)
        faults += [f"{name}: {fault}" for fault in found]
    if len(pages()) != 10:
        faults.append(f"there are {len(pages())} pages: {', '.join(sorted(pages()))}")
    print("\n".join(faults) or f"{len(pages())} pages")
    sys.exit(1 if faults else 0)


main()
