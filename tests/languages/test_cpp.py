"""C++ programs: exceptions in a plugin of a C program, and destructors that call ops."""
import unittest

import languages


class Cpp(languages.LanguageTest):
    def compile(self, compiler, source, *options):
        target = self.folder / source.replace(".", "_")
        self.build(compiler, "-g", f"-I{languages.INCLUDE}", "-o", target, languages.HERE / "cpp" / source, *options,
                   f"-L{languages.GATE}", "-lgate")
        return target

    def test_plugin_of_a_c_program_throws(self):
        plugin = self.compile("g++", "plugin.cc", "-shared", "-fPIC")
        host = self.compile("gcc", "host.c", "-Wl,--as-needed")
        self.assertEqual(self.findings(host, plugin, "throw_through_op"), [("unwound", "gate_call", [])])
        self.assertEqual(self.findings(host, plugin, "throw_inside_op"), [])
        self.assertEqual(self.findings(host, plugin, "throw_outside"), [])

    def test_destructors_of_threads_and_of_the_program(self):
        self.assertEqual(self.findings(self.compile("g++", "destructors.cc", "-pthread")), [])

    def test_names_are_short(self):
        text, full = self.text(self.compile("g++", "owners.cc"))
        for line in (r"   Second free: closer<>::operator\(\) at \S*owners\.cc:13",
                     r"   First free:  close_again<> at \S*owners\.cc:21",
                     r"     #0  closer<>::operator\(\) at \S*owners\.cc:13 \(owners_cc\)",
                     r"     \.\.\. 2 frames of the standard library", r"     #\d  main at \S*owners\.cc:\d+ .*"):
            self.assertRegex(text, f"(?m)^{line}$")
        self.assertNotIn("std::", text)
        self.assertNotIn("close_again<std", text)
        self.assertIn("std::unique_ptr<gate, closer<gate> >::reset", full)


if __name__ == "__main__":
    unittest.main()
