"""Usage: check_page.py PAGE COMMAND...
What a page begins with is what comes: its first block of commands ("    $ ...") and of what they print is typed into the shell that
COMMAND starts, one command after the other. Numbers, and where lines are broken, may differ; `[...]` stands for anything."""
import pathlib
import re
import subprocess
import sys

INDENT = "    "
ANYTHING, NUMBER = "[...]", r"0x[0-9a-f]+|\d+(?:\.\d+)*"
UNIT = r"(?<=\d) (?:ns|us|ms|s)\b"


def session_of(page):
    """Of the first block: each command with what it prints."""
    block = re.search(rf"(?:^{INDENT}.*\n|^\n(?={INDENT}))+", page, re.MULTILINE)
    lines = [line[len(INDENT):] for line in block[0].strip("\n").split("\n")] if block else [""]
    parts = re.split(r"^\$ (.*)$", "\n".join(lines), flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2])) if lines[0].startswith("$ ") else []


def pattern_of(said):
    """Words as they are, between whatever white space."""
    def word(text):
        return "".join(rf"(?:{NUMBER})" if re.fullmatch(NUMBER, part) else re.escape(part)
                       for part in re.split(f"({NUMBER})", text))

    parts = re.sub(UNIT, "_unit_", said).split(ANYTHING)
    patterns = [r"\s+".join(map(word, part.split())) for part in parts]
    return r"\s*" + r"[\s\S]*".join(patterns).replace("_unit_", r" (?:ns|us|ms|s)") + r"\s*"


def faults(page, shell):
    session = session_of(page)
    if not session:
        yield "the page begins with no command"
    for command, expected in session:
        result = subprocess.run([*shell, command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        print(f"$ {command}\n{result.stdout}")
        if not re.fullmatch(pattern_of(expected), result.stdout):
            yield f"'{command}' prints something else than the page says:\n{expected}"


def main(page, *shell):
    found = list(faults(pathlib.Path(page).read_text(encoding="utf-8"), shell))
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
