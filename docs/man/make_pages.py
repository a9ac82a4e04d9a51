"""Writes the man pages from what says the same already: the program's --help, the manual of the manifest, the header of
embedded guards, the table of options.

Usage: make_pages.py PROGRAM MANIFEST.md HANDLEGUARD.h OPTIONS.def VERSION DATE OUTPUT    (man1, man3, man5 are made in OUTPUT)
"""
import pathlib
import re
import sys

import markdown
from program_help import commands_of, help_of, overview_of
from roff import code, heading, listed, page, paragraph, plain

SEE_ALSO = ["handleguard(1)", "handleguard-run(1)", "handleguard-go(1)", "handleguard-doctor(1)", "handleguard-report(1)",
            "handleguard-top(1)", "handleguard-clean(1)", "handleguard-manifest(1)",
            "handleguard-manifest(5)", "handleguard.h(3)"]
FILES = [("~/.cache/handleguard", "Preload objects, made of manifests when they are first needed; in $XDG_CACHE_HOME/handleguard "
          "if that is set."),
         ("PROGRAM.PID.hgr", "The recording of a process, in the folder for recordings.")]


def see_also(this):
    return heading("See also") + paragraph(plain(", ".join(other for other in SEE_ALSO if other != this)))


# --- commands ---

def option_list(options):
    return "".join(listed(", ".join(f"\\fB{plain(word)}\\fR" for word in names.split(", ")), plain(text))
                   for names, text in options)


def notes_of(notes):
    """The exit status under a heading of its own."""
    status = [note for note in notes if re.match(r"(The e|E)xit status", note)]
    others = [note for note in notes if note not in status and not note.startswith(("Commands:", "'handleguard"))]
    text = heading("Exit status") + "".join(paragraph(plain(note)) for note in status) if status else ""
    return text + (heading("Notes") + "".join(paragraph(plain(note)) for note in others) if others else "")


def environment_of(options_def):
    """The variables that go with the options of a run."""
    variables = re.findall(r'HG_OPTION_\w+\(\w+, "(\w+)", "([\w-]+)"', options_def.read_text(encoding="utf-8"))
    text = heading("Environment") + paragraph("Each of these stands for an option, with or without \\fBhandleguard run\\fR.")
    return text + "".join(listed(f"\\fB{plain(name)}\\fR", f"\\fB{plain('--' + option)}\\fR") for name, option in variables)


def command_page(program, command, summary, more):
    usage, about, options, notes = help_of(program, command)
    text = heading("Name") + plain(f"handleguard-{command} - {summary}") + "\n"
    text += heading("Synopsis") + paragraph(f"\\fB{plain(usage)}\\fR")
    text += heading("Description") + paragraph(plain(about)) + heading("Options") + option_list(options)
    for name, _ in commands_of("\n\n".join(notes)):
        usage, about, options, its_notes = help_of(program, command, name)
        text += heading(f"handleguard {command} {name}") + paragraph(f"\\fB{plain(usage)}\\fR") + paragraph(plain(about))
        text += option_list(options) + "".join(paragraph(plain(note)) for note in its_notes)
    return text + notes_of(notes) + more + see_also(f"handleguard-{command}(1)")


def main_page(program, environment):
    overview = overview_of(program)
    usage, about = overview.split("\n")[:2]
    text = heading("Name") + plain("handleguard - guard native handles against frees that race with calls") + "\n"
    text += heading("Synopsis") + paragraph(f"\\fB{plain(usage.removeprefix('Usage: '))}\\fR")
    text += heading("Description") + paragraph(plain(about)) + heading("Commands")
    text += "".join(listed(f"\\fB{plain(name)}\\fR", plain(summary)) for name, summary in commands_of(overview))
    text += heading("Options") + option_list([("-h, --help", "the same as help"), ("-V, --version", "the same as version")])
    text += environment + heading("Files") + "".join(listed(f"\\fI{plain(name)}\\fR", plain(what)) for name, what in FILES)
    return commands_of(overview), text + see_also("handleguard(1)")


# --- the header ---

def bare(comment):
    """A comment's text without stars, as Markdown: what is set in by a tab or five spaces is code."""
    lines = [re.sub(r"^ ?\* ?", "", line) for line in comment.strip("/* ").split("\n")]
    return "\n".join(lines).strip()


def comment_text(comment):
    text = ""
    for part in re.split(r"\n\s*\n", bare(comment)):
        text += code(part) if part.startswith("    ") else paragraph(plain(" ".join(part.split())))
    return text


def header_page(header):
    text = header.read_text(encoding="utf-8")
    top = re.match(r"/\*(.*?)\*/\n", text, re.DOTALL)[1]
    first, _, rest = bare(top).partition("\n\n")
    declared = re.findall(r"^/\*((?:(?!\*/).)*)\*/\n((?:typedef [^;{]*;|typedef [^{;]*\{.*?^\} \w+;|\w[^;{}#]*\);))", text,
                          re.MULTILINE | re.DOTALL)
    functions = [(comment, what) for comment, what in declared if what.endswith(");")]
    types = re.findall(r"^typedef (?:[^;{]*;|[^{;]*\{.*?^\} \w+;)", text, re.MULTILINE | re.DOTALL)
    macros = re.findall(r"^#define (HANDLEGUARD_\w+\([^)]*\))", text, re.MULTILINE)
    told = heading("Name") + plain("handleguard.h - guards for a library's own handles") + "\n"
    told += heading("Synopsis") + code("#include <handleguard.h>\n\n" + "\n\n".join(what for _, what in functions))
    told += code("\n".join(macros)) + paragraph("Link with \\fB\\-lhandleguard\\fR; \\fBpkg\\-config handleguard\\fR tells the flags.")
    told += heading("Description") + paragraph(plain(" ".join(first.split()))) + comment_text(rest)
    told += heading("Functions") + "".join(listed(f"\\fB{plain(' '.join(what.split()))}\\fR", plain(" ".join(bare(comment).split())))
                                           for comment, what in functions)
    return told + heading("Types") + "".join(map(code, types)) + see_also("handleguard.h(3)")


# --- all of them ---

def manual_page(manual):
    text = manual.read_text(encoding="utf-8").removeprefix("# The manifest\n")
    name = heading("Name") + plain("handleguard-manifest - which functions of a library create, use and end handles") + "\n"
    return name + heading("Description") + markdown.to_roff(text) + see_also("handleguard-manifest(5)")


def main():
    program, manual, header, options_def, version, date, output = sys.argv[1:]

    def write(name, section, text):
        path = pathlib.Path(output) / f"man{section}" / f"{name}.{section}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(name, section, date, version, text), encoding="utf-8")

    environment = environment_of(pathlib.Path(options_def))
    commands, text = main_page(program, environment)
    write("handleguard", 1, text)
    for command, summary in commands:
        if command not in ("help", "version"):
            write(f"handleguard-{command}", 1, command_page(program, command, summary, environment if command == "run" else ""))
    write("handleguard-manifest", 5, manual_page(pathlib.Path(manual)))
    write("handleguard.h", 3, header_page(pathlib.Path(header)))


main()
