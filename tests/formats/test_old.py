"""Recordings of earlier versions of the format: each is refused in one sentence, and keeps no other from being read."""
import lzma
import pathlib
import unittest

from names import NamesTest
from support import SOURCE

RECORDINGS = sorted((pathlib.Path(__file__).resolve().parent / "recordings").glob("version_*.hgr.xz"))


class Old(NamesTest):
    def test_is_refused_and_the_others_are_read(self):
        self.build()
        run = self.record("twice")
        version = self.version()
        for packed in RECORDINGS:
            old = self.folder / packed.stem
            old.write_bytes(lzma.decompress(packed.read_bytes()))
            number = packed.stem.removeprefix("version_").removesuffix(".hgr")
            sentence = f"handleguard report: {old}: recorded by version {number} of the format; this tool reads version {version}\n"
            for others in [], [run]:
                result = self.handleguard("report", old, *others)
                self.assertEqual((result.returncode, result.stderr), (2, sentence))
                self.assertEqual("1. error: repeat-free of net" in result.stdout, bool(others))

    def test_the_version_before_is_among_them(self):
        self.assertIn(f"version_{self.version() - 1}.hgr.xz", [path.name for path in RECORDINGS])

    def version(self):
        header = (SOURCE / "runtime/format/record.h").read_text(encoding="utf-8")
        return int(header.partition("#define HG_RECORD_VERSION")[2].split("u", 1)[0])


if __name__ == "__main__":
    unittest.main()
