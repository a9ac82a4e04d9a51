"""What the tests of the demo share."""
import signal

from support import SOURCE

CRASHES = signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT


def serialising_manifest(folder):
    """The shelf's manifest of SQLite, but that the ops on a statement are to run one after the other."""
    shelf = (SOURCE / "tools/manifests/sqlite3.yaml").read_text(encoding="utf-8")
    before, word, after = shelf.partition("\n  stmt: {reject: 21, fork: owner_strict")
    assert word and after.startswith("}"), "the shelf's manifest says something else of statements now"
    path = folder / "sqlite3.yaml"
    path.write_text(f"{before}{word}, exclusive: serialise{after}", encoding="utf-8")
    return path
