"""What the tests of the page share: recordings, and the data of a page."""
import json
import re

from names import HERE as NAMES
from names import MANIFEST, NamesTest
from support import SOURCE

HOSTILE = SOURCE / "tests/page/hostile.c"
EVIL = "</script><script>document.title='owned'</script>\"'&<!--\ufffd"


def data_of(page):
    """The text between the tags, as a browser finds it: up to the first end of a script."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script', page, re.DOTALL)[1])


def unfold(data):
    """The report that a page was made of."""
    values = []
    for folded in data["values"]:
        if not isinstance(folded, list):
            values.append(folded)
            continue
        keys, *members = folded
        members = [values[number] for number in members]
        values.append(members if keys == 0 else dict(zip(data["keys"][keys - 1], members, strict=True)))
    lists = {name: [values[number] for number in data[name]] for name in ("recordings", "findings")}
    return values[data["report"]] | lists, values[data["page"]]


class PageTest(NamesTest):
    def build_other(self, source, name):
        """A program beside the one of tests/names."""
        self.compile("-g", "-O0", f"-I{NAMES}", "-o", self.app / name, source, "-L", self.app, "-lnet", "-Wl,-rpath,$ORIGIN")
        return self.app / name

    def record_program(self, program, *arguments, **keywords):
        output = self.folder / "of-programs"
        self.handleguard("run", "-m", MANIFEST, "--output", output, "--", program, *arguments, **keywords)
        return output

    def record_hostile(self):
        return self.record_program(self.build_other(HOSTILE, "hostile"), EVIL, b"\xff<!--")

    def page_of(self, *paths):
        """A page's file."""
        file = self.folder / "page.html"
        result = self.handleguard("report", "-o", f"html:{file}", *paths)
        self.assertIn(result.returncode, (0, 1, 2), result.stderr)
        return file

    def record_source(self, text):
        source = self.folder / "made.c"
        source.write_text(f'#include "net.h"\n{text}', encoding="utf-8")
        return self.record_program(self.build_other(source, "made"))

    def record_many(self, count):
        """As many findings, each in a function of its own."""
        functions = "".join(f"static __attribute__((noinline)) void close_{i}(struct net *net) {{ net_close(net); }}\n"
                            for i in range(count))
        calls = "".join(f"\tnet = net_open(); net_close(net); close_{i}(net);\n" for i in range(count))
        return self.record_source(f"{functions}int main(void)\n{{\n\tstruct net *net;\n{calls}\treturn 0;\n}}\n")
