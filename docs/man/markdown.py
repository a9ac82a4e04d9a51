"""As much of Markdown as the manual of the manifest is written in: headings, paragraphs, tables, code."""
import re

from roff import code, heading, listed, paragraph, plain, subheading


def inline(text):
    """Code and what is strong in bold, what is stressed in italics, links as their text."""
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", " ".join(text.split()))
    told = ""
    for part in re.split(r"(`[^`]+`|\*\*[^*]+\*\*|\*[^*]+\*)", text):
        if part.startswith("`"):
            told += f"\\fB{plain(part[1:-1])}\\fR"
        elif part.startswith("**"):
            told += f"\\fB{plain(part[2:-2])}\\fR"
        elif part.startswith("*") and len(part) > 2:
            told += f"\\fI{plain(part[1:-1])}\\fR"
        else:
            told += plain(part)
    return told if not told.startswith(".") else f"\\&{told}"


def table(rows):
    """The first column as words, the rest as what is said of them; a last one under `preset` in parentheses."""
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]
    head, text = cells[0], ""
    for first, *rest in cells[2:]:
        said = [inline(cell) for cell in rest]
        if head[-1] == "preset" and len(said) == len(head) - 1:
            said[-1] = f"(Preset: {said[-1]}.)"
        text += listed(inline(first), "\n.br\n".join(filter(None, said)))
    return text


def blocks(text):
    """Code, tables, headings, paragraphs, one by one."""
    lines = text.split("\n")
    while lines:
        block = [lines.pop(0)]
        if block[0].startswith("```"):
            while not lines[0].startswith("```"):
                block.append(lines.pop(0))
            lines.pop(0)
        elif block[0] and not block[0].startswith("#"):
            is_table = block[0].startswith("|")
            while lines and lines[0] and lines[0].startswith("|") == is_table and not lines[0].startswith(("#", "```")):
                block.append(lines.pop(0))
        if block[0]:
            yield block


def to_roff(text):
    roff = ""
    for block in blocks(text):
        if block[0].startswith("```"):
            roff += code("\n".join(block[1:]))
        elif block[0].startswith("|"):
            roff += table(block)
        elif block[0].startswith("#"):
            roff += (heading if block[0].startswith("## ") else subheading)(block[0].lstrip("# "))
        else:
            roff += paragraph(inline(" ".join(block)))
    return roff
