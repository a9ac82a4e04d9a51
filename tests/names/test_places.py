"""Objects and their debugging information lie elsewhere: --sysroot and --debug-dir."""
import shutil
import unittest

from names import HERE, NamesTest


class Places(NamesTest):
    def tell(self, recording, *options):
        """Without keeping what is found: each place must be found again."""
        return self.told(recording, "--read-only", *options)

    def copy_to_root(self, source):
        """Below a folder as it lies below the root."""
        root = self.folder / "root"
        target = root / source.relative_to("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target)
        return root, target

    def test_sysroot(self):
        recording = self.record_alone("twice")
        here = self.tell(recording)
        self.assert_named(here)
        root, _ = self.copy_to_root(self.app)
        self.app.rename(self.elsewhere)
        self.assert_nameless(self.tell(recording))
        self.assertEqual(self.tell(recording, "--sysroot", root), here)

    def test_sysroot_relative_to_where_it_is_named(self):
        recording = self.record_alone("twice")
        self.copy_to_root(self.app)
        self.app.rename(self.elsewhere)
        self.assert_named(self.told(recording, "--read-only", "--sysroot", "root", cwd=self.folder))

    def test_links_lead_to_places_below_the_root(self):
        recording = self.record_alone("twice")
        root, copied = self.copy_to_root(self.app)
        (root / "real").mkdir()
        (copied / "program").rename(root / "real/program")
        (copied / "program").symlink_to("/real/program")
        self.app.rename(self.elsewhere)
        self.assert_named(self.tell(recording, "--sysroot", root))

    def test_another_build_below_the_root(self):
        recording = self.record_alone("twice")
        self.app.rename(self.elsewhere)
        self.build("-O0")
        root, _ = self.copy_to_root(self.app)
        shutil.rmtree(self.app)
        self.assert_nameless(self.tell(recording, "--sysroot", root))

    def test_objects_without_build_id_are_the_roots(self):
        """This machine's may be any other: nothing tells."""
        self.compile("-g", "-Wl,--build-id=none", "-o", self.app / "program", HERE / "program.c", "-L", self.app, "-lnet",
                     "-Wl,-rpath,$ORIGIN")
        recording = self.record_alone("twice")
        self.assert_named(self.tell(recording))
        (self.folder / "empty").mkdir()
        self.assert_nameless(self.tell(recording, "--sysroot", self.folder / "empty"))

    def test_debug_dir(self):
        debug = self.separate(self.app / "program")
        recording = self.record_alone("twice")
        self.assert_nameless(self.tell(recording))
        (self.folder / "empty").mkdir()
        here = self.tell(recording, "--debug-dir", self.folder / "empty", "--debug-dir", debug)
        self.assert_named(here)
        self.app.rename(self.elsewhere)  # what was separated says as much without the object
        self.assertEqual(self.tell(recording, "--debug-dir", debug), here)

    def test_objects_by_build_id(self):
        recording = self.record_alone("twice")
        build_id = self.build_id(self.app / "program")
        kept = self.folder / "objects/.build-id" / build_id[:2] / build_id[2:]
        kept.parent.mkdir(parents=True)
        (self.app / "program").rename(kept)
        self.assert_nameless(self.tell(recording))
        self.assert_named(self.tell(recording, "--debug-dir", self.folder / "objects"))

    def test_found_names_are_kept(self):
        debug = self.separate(self.app / "program")
        recording = self.record_alone("twice")
        found = self.told(recording, "--debug-dir", debug)
        self.assert_named(found)
        shutil.rmtree(debug)
        self.assertEqual(self.told(recording), found)

    def test_what_is_no_folder_is_refused(self):
        recording = self.record_alone("twice")
        for option in ("--sysroot", "--debug-dir"):
            for path, why in ((self.folder / "nowhere", "No such file or directory"), (recording, "is no folder")):
                result = self.handleguard("report", option, path, recording)
                self.assertEqual(result.returncode, 2)
                self.assertIn(f"{option}: {path}: {why}\n", result.stderr)


unittest.main()
