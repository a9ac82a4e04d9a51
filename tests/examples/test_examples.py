"""Runs every example of the manual of the manifest: a program does what the example is about, guarded by that very text."""
import os
import re
import unittest

from support import SOURCE, CommandLineTest

PROGRAM = os.environ["HANDLEGUARD_TEST_EXAMPLES"]
HEAD = "handleguard: 1\nlibrary: libexamples.so\n"

PRESET_DEADLINE_NS = 5_000_000_000

# By the heading that the example stands under: what is reported, as kind, function called, ops in flight, and how long they
# are waited for if that is not the preset.
EXPECTED = {
    "the-manifest": ["late-free net_stream_free net_stream_recv 2000 ms", "late-op net_stream_poll", "late-op net_stream_recv"],
    "one-thread-at-a-time": ["overlap db_cursor_next db_cursor_next 2000 ms", "wrong-thread db_draft_close",
                             "wrong-thread db_draft_write"],
    "addresses-that-come-again": ["late-op net_packet_size"],
    "handles-that-come-from-where-nobody-sees-it": ["freed-again net_tensor_free",
                                                    "late-free net_tensor_free net_tensor_fill"],
    "what-is-no-handle": ["null-op net_parcel_after", "null-op net_parcel_free", "null-op net_parcel_size",
                          "stray net_parcel_size"],
    "what-a-forked-child-inherits": ["inherited net_account_close", "inherited net_account_spend", "inherited net_account_spend"],
    "handles-with-several-holders": ["late-op obj_draw", "repeat-free obj_unref"],
    "what-holds-a-counted-handle": ["late-op net_leaf_new"],
    "what-a-library-counts-for-itself": ["late-op net_photo_size"],
    "connections-that-everybody-shares": ["late-op conn_send", "severed conn_disconnect"],
    "handles-made-from-others": ["late-op db_step", "orphan db_close", "orphan db_finish", "orphan db_step"],
    "borrowed-handles": ["late-op net_word_length"],
    "children-of-several-kinds": ["late-op kv_scan_next", "orphan kv_blob_free", "orphan kv_blob_size", "orphan kv_end"],
    "functions-that-end-everything": ["late-op net_link_send"],
    "what-a-native-method-of-java-throws": ["late-op Java_Stream_read"],
    "a-library-as-a-whole": ["late-op net_band_listen", "late-op net_radio_count", "overlap net_mixer_set net_band_listen"],
    "a-library-that-tears-itself-down-as-the-process-ends": ["late-op db_table_rows"],
    "functions-that-end-what-was-made-from-a-handle": ["late-op net_channel_write"],
    "one-function-for-several-kinds": ["late-op odb_fetch"],
    "one-handle-becomes-others": ["late-op net_half_read"],
    "what-a-turned-away-call-leaves": [f"late-op db_{name}" for name in (
        "error", "name", "ping", "range", "ratio", "rows", "sizes", "stats")],
    "functions-in-tables": ["late-free net_camera_close net_camera_grab", "late-op net_camera_grab", "late-op net_lens_turn",
                            "late-op net_tripod_turn"],
    "handles-that-are-numbers": ["late-op net_port_send", "stray net_port_send"],
    "a-free-that-does-not-wait": ["late-free net_stream_finish net_stream_recv"],
    "a-free-that-has-the-op-woken": ["late-free net_stream_finish net_stream_recv"],
    "a-free-on-a-thread-that-holds-an-interpreter-s-lock": ["late-free net_stream_finish net_stream_recv 2000 ms"],
    "a-free-that-gives-up": ["drain-timeout net_stream_finish net_stream_recv 50 ms", "freed-late net_stream_finish 50 ms"],
    "handles-that-are-attached-to-others": ["dangling net_loop_run", "given-free net_sink_free",
                                            "late-free net_task_free net_loop_run"],
    "an-end-in-two-steps": ["late-op net_pipe_read"],
    "a-library-that-frees-when-it-is-done": ["late-op net_feed_ask"],
    "a-free-that-can-fail-and-one-that-waits-by-itself": ["late-op net_node_ping"],
    "several-handles-from-one-call": ["late-free db_close db_reader_next", "late-op db_copy", "orphan db_close",
                                      "orphan db_reader_close"],
    "functions-that-a-library-may-lack": ["late-op net_packet_size"],
    "handles-behind-pointers-and-on-the-stack": ["late-op net_stream_flush", "late-op net_stream_log",
                                                 "late-op net_stream_move"],
    "memory-of-the-program-s-own": ["late-op net_codec_run", "reborn net_codec_init", "repeat-free net_codec_end"],
    "handles-in-arrays-and-structs": ["late-op net_end_both", "late-op net_end_send"],
}


def slug(title):
    return re.sub(r"[^a-z]+", "-", title.lower()).strip("-")


def read_examples():
    """The manifests that the manual shows, by the slug of the heading above each."""
    text = (SOURCE / "docs/manifest.md").read_text(encoding="utf-8")
    examples, heading = {}, None
    for title, example in re.findall(r"^#+ ([^\n]*)$|^```yaml\n(.*?)^```$", text, re.M | re.S):
        if title:
            heading = slug(title)
        elif heading in examples:
            raise AssertionError(f"two examples under one heading: {heading}")
        else:
            examples[heading] = example if example.startswith("handleguard:") else HEAD + example
    return examples


def summary(finding):
    call = finding["call"] or finding["free"]
    words = [finding["kind"], call["function"], *(op["function"] for op in finding["in_flight"])]
    if finding["deadline_ns"] not in (0, PRESET_DEADLINE_NS):
        words.append(f"{finding['deadline_ns'] // 1_000_000} ms")
    return " ".join(words)


class Manual(CommandLineTest):
    def test_each_example_is_run(self):
        self.assertEqual(sorted(read_examples()), sorted(EXPECTED))

    def test_each_recipe_is_an_example(self):
        text = (SOURCE / "docs/manifest.md").read_text(encoding="utf-8")
        recipes = re.search(r"^## Recipes$(.*?)^## ", text, re.M | re.S).group(1)
        linked = re.findall(r"\[([^]]*)\]\(#([^)]*)\)", recipes)
        self.assertGreater(len(linked), 10)
        for title, anchor in linked:
            with self.subTest(title):
                self.assertIn(slug(title), EXPECTED)
                self.assertEqual(anchor, re.sub(r"[^a-z -]", "", title.lower()).replace(" ", "-"))

    def test_examples(self):
        for name, text in read_examples().items():
            with self.subTest(name):
                manifest = self.folder / f"{name}.yaml"
                manifest.write_text(text, encoding="utf-8")
                status, told = self.report("-m", manifest, "--error-exitcode=9", "--", PROGRAM, name)
                self.assertEqual(status, 9)
                self.assertEqual(sorted(map(summary, told["findings"])), EXPECTED[name])
                uncalled = [entry["function"] for entry in told["recordings"][0]["coverage"] if not entry["calls"]]
                self.assertEqual(uncalled, [])


if __name__ == "__main__":
    unittest.main()
