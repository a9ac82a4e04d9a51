"""A library with more functions than there are stubs to tell its copies, and its own calls, apart by. Arguments: the program
handleguard, a C compiler."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

HANDLEGUARD, COMPILER = sys.argv[1:3]
MANY, STUBS, INSIDE_STUBS = 2100, 2048, 1024

MANIFEST = "handleguard: 1\nlibrary: [libmany*.so]\nclasses:\n  many: {reject: -1}\nfunctions:\n  many_open: {create: many}\n"
LIBRARY = "#include <stdlib.h>\nvoid *many_open(void) { return malloc(1); }\n"
CLOSES = "".join(f"int many_close_{i}(void *many) {{ free(many); return 0; }}\n" for i in range(MANY))
CLOSE_ALL = "void many_close_all(void **many)\n{\n" + "".join(f"\tmany_close_{i}(many[{i}]);\n" for i in range(MANY)) + "}\n"
# Calls the functions of a second copy, if there is one, by what it is told they are.
PROGRAM = """#include <dlfcn.h>
#include <stdio.h>

void *many_open(void);
int many_close_0(void *);

int main(int argc, char **argv)
{
	void *copy = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
	void *(*open_copy)(void) = copy ? (void *(*)(void))dlsym(copy, "many_open") : NULL;
	for (int i = 0; copy && i < MANY; i++) {
		char name[32];
		snprintf(name, sizeof name, "many_close_%d", i);
		int (*close_copy)(void *) = (int (*)(void *))dlsym(copy, name);
		if (!close_copy || close_copy(open_copy()) != 0)
			return 1;
	}
	return many_close_0(many_open());
}
"""


class ManyFunctions(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="handleguard-many-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def build(self, name, source, *options):
        path = self.folder / name
        subprocess.run([COMPILER, "-xc", "-", "-o", path, *options], input=source, text=True, check=True)
        return path

    def counters(self, library, *arguments):
        """Of a run of the program with this library."""
        manifest, report = self.folder / "many.yaml", self.folder / "report.json"
        manifest.write_text(MANIFEST + "".join(f"  many_close_{i}: {{free: {{many: 0}}}}\n" for i in range(MANY)),
                            encoding="utf-8")
        program = self.build("program", PROGRAM, f"-DMANY={MANY}", "-xnone", library, f"-Wl,-rpath,{self.folder}", "-ldl")
        subprocess.run([HANDLEGUARD, "run", "-m", manifest, "--format=json", "--report", report, "--", program, *arguments],
                       check=True, stderr=subprocess.DEVNULL)
        (recording,) = json.loads(report.read_text(encoding="utf-8"))["recordings"]
        return recording["counters"]

    def test_functions_of_a_second_copy(self):
        first, second = (self.build(f"libmany{copy}.so", LIBRARY + CLOSES, "-shared", "-fPIC") for copy in ("", "-copy"))
        by_the_program = 2  # of the first copy, which it calls too
        self.assertEqual(self.counters(first, second)["second-copy"], MANY + 1 + by_the_program - STUBS)

    def test_functions_that_the_library_calls_itself(self):
        library = self.build("libmany.so", LIBRARY + CLOSES + CLOSE_ALL, "-shared", "-fPIC")
        self.assertEqual(self.counters(library)["inside-stubs"], MANY - INSIDE_STUBS)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
