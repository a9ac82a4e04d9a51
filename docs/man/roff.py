"""Pieces of a man page, in the macros of man(7)."""
import re


def plain(text):
    """Text that means itself."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\`").replace("^", "\\(ha")
    text = text.replace("~", "\\(ti").replace("…", "...")
    return re.sub(r"^\.", "\\\\&.", text, flags=re.MULTILINE)


def page(name, section, date, version, text):
    """All of a page. A heading begins a paragraph by itself."""
    text = re.sub(r"^(\.S[HS] .*\n)\.PP\n", r"\1", text, flags=re.MULTILINE)
    return f'.TH "{plain(name).upper()}" {section} "{date}" "handleguard {version}"\n{text}'


def heading(text):
    return f".SH {plain(text.upper())}\n"


def subheading(text):
    return f".SS {plain(text)}\n"


def paragraph(text):
    return f".PP\n{text}\n"


def listed(word, text):
    """A word, and what is said of it, set in."""
    return f".TP\n{word}\n{text}\n"


def code(text):
    return f".PP\n.nf\n.RS 4\n{plain(text.expandtabs(8))}\n.RE\n.fi\n"
