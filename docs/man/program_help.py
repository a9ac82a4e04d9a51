"""What the program says of itself (--help), in parts."""
import os
import re
import subprocess
import sys

COLUMN = 60  # of an option's help, wide enough for the longest option


def overview_of(program):
    return subprocess.run([program, "--help"], capture_output=True, text=True, check=True).stdout


def commands_of(overview):
    return re.findall(r"^  (\w+)  +(\S.*)$", overview, re.MULTILINE)


def help_of(program, *command):
    """What a command says of itself: usage lines, about, options, what comes after them."""
    environment = os.environ | {"ARGP_HELP_FMT": f"rmargin=9999,opt-doc-col={COLUMN}", "LC_ALL": "C"}
    text = subprocess.run([program, *command, "--help"], env=environment, capture_output=True, text=True, check=True).stdout
    usage, rest = text.split("\n", 1)
    about, _, rest = rest.partition("\n\n")
    options, lines = [], rest.split("\n")
    while lines and lines[0].startswith("  "):
        line = lines.pop(0)
        options.append((line[:COLUMN].strip(), line[COLUMN:].strip()))
        if len(line) > COLUMN and line[COLUMN - 1] != " ":
            sys.exit(f"an option is longer than {COLUMN} characters: {line}")
    notes = [note for note in "\n".join(lines).strip().split("\n\n") if note and not note.startswith("Mandatory or optional")]
    return usage.removeprefix("Usage: "), about, options, notes
