"""Whether the checker of what pages begin with finds what is not so."""
import unittest

import check_page

PAGE = """# A page

    $ echo 1 finding after 12.5 ms
    1 finding after 3 us
    $ printf 'a\\nb c\\nend\\n'
    a b
    [...]
    end

Text.

    $ false
"""


class CheckPage(unittest.TestCase):
    def faults(self, page):
        return len(list(check_page.faults(page, ["sh", "-c"])))

    def test_what_is_so(self):
        self.assertEqual(self.faults(PAGE), 0)

    def test_what_is_not(self):
        for right, wrong in (("1 finding after 3", "1 findings after 3"), ("a b\n", "b a\n"), ("    [...]\n", ""), ("$ echo", "echo"),
                             ("    end\n", "    End\n")):
            with self.subTest(wrong=wrong):
                self.assertGreater(self.faults(PAGE.replace(right, wrong, 1)), 0)


if __name__ == "__main__":
    unittest.main()
