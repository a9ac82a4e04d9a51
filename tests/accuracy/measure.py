#!/usr/bin/env python3
"""Usage: measure.py HANDLEGUARD SHELF [shelf|begun|later|picked]
Generates a manifest of each library without a human hand, holds it against the one that was written by hand, and prints a
table of precision and recall: of those of the shelf, on which the generator was tuned, apart from them of those that a person
has begun with what was generated, of what came on the shelf later, and of those that pick.py picked, on which it was not
tuned either.

A use is right if the function, the role, the argument and the class agree; which class is which is found out by what the
two have in common. Functions that the library does not export do not count.

Each table comes twice: as it is, and without what a person has left out on purpose, though it is a handle: a function, or one
argument of it, that stands under `unguarded`, unless the reason there says that it is no handle. To find that one would be
right of whoever reads the header; whether to guard it is a decision."""
import collections
import pathlib
import subprocess
import sys
import tempfile

import yaml

import pick

HERE = pathlib.Path(__file__).parent
ROLES = ("classes", "creates", "frees", "ops", "parents")
# What the shelf's manifests are about: soname, headers, flags.
SHELF = {
    "sqlite3": ("libsqlite3.so.0", ["sqlite3.h"],
                ["-DSQLITE_ENABLE_SESSION", "-DSQLITE_ENABLE_PREUPDATE_HOOK"]),
    "libzmq": ("libzmq.so.5", ["zmq.h"], []),
    "libpcap": ("libpcap.so.0.8", ["pcap.h"], []),
    "zlib": ("libz.so.1", ["zlib.h"], ["-D_LARGEFILE64_SOURCE"]),
}
# Those of them that were begun with what is generated: how much of it a person has left as it was. The generator was not tuned
# on them.
BEGUN = {
    "libcrypto": ("libcrypto.so.3", [f"openssl/{name}.h" for name in (
        "ssl", "hmac", "cmac", "cms", "ocsp", "ts", "pkcs12", "decoder", "encoder", "store", "conf", "kdf", "http")], []),
    "libcurl": ("libcurl.so.4", ["curl/curl.h"], []),
    "libgit2": ("libgit2.so.1.*", ["git2.h"], []),
    "libgpgme": ("libgpgme.so.11", ["gpgme.h"], []),
    "libpq": ("libpq.so.5", ["libpq-fe.h", "libpq-events.h"], ["-I/usr/include/postgresql"]),
    "librdkafka": ("librdkafka.so.1", ["librdkafka/rdkafka.h", "librdkafka/rdkafka_mock.h"], []),
    "libsndfile": ("libsndfile.so.1", ["sndfile.h"], []),
    "libssl": ("libssl.so.3", ["openssl/ssl.h"], []),
    "sd-journal": ("libsystemd.so.0", ["systemd/sd-journal.h"], []),
}

# The rest of the shelf, but for HDF5, GDAL and netCDF, whose headers take minutes. The rules about several frees of one class
# were found in what was wrong here.
LATER = {
    "libasound": ("libasound.so.2", ["alsa/asoundlib.h"], []),
    "libexpat": ("libexpat.so.1", ["expat.h"], []),
    "libhiredis": ("libhiredis.so", ["hiredis/hiredis.h", "hiredis/async.h"], []),
    "liblmdb": ("liblmdb.so.0", ["lmdb.h"], []),
    "libmariadb": ("libmariadb.so.3", ["mariadb/mysql.h"], ["-I/usr/include/mariadb"]),
    "libmosquitto": ("libmosquitto.so.1", ["mosquitto.h"], []),
    "libnghttp2": ("libnghttp2.so.14", ["nghttp2/nghttp2.h"], []),
    "libodbc": ("libodbc.so.2", ["sql.h", "sqlext.h", "sqlucode.h"], []),
    "libportaudio": ("libportaudio.so.2", ["portaudio.h", "pa_linux_alsa.h"], []),
    "libssh": ("libssh.so.4", [f"libssh/{name}.h" for name in ("libssh", "sftp", "server", "callbacks")], ["-DWITH_SERVER"]),
    "libssh2": ("libssh2.so.1", ["libssh2.h", "libssh2_sftp.h", "libssh2_publickey.h"], []),
    "libusb": ("libusb-1.0.so.0", ["libusb-1.0/libusb.h"], []),
    "libvirt": ("libvirt.so.0", ["libvirt/libvirt.h", "libvirt/virterror.h"], []),
    "libxml2": ("libxml2.so.2", [f"libxml/{name}.h" for name in (
        "tree", "parser", "xmlreader", "xmlwriter", "xpath", "xpathInternals", "xmlsave", "HTMLparser", "xmlschemas", "relaxng",
        "xmlregexp", "xinclude", "c14n", "catalog")], ["-I/usr/include/libxml2"]),
}


def places(value):
    """The places of a role's entry: a number, "*N", a map, or a list of them."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            one = one.get("arg", one.get("array", one.get("struct")))
        yield str(one)


def ties(name, entry):
    """A function that ties two handles, or parts them, uses both."""
    for key, other in (("attach", "to"), ("detach", "of")):
        tied = entry.get(key, [])
        for tie in tied if isinstance(tied, list) else [tied]:
            for class_name, value in {**tie, **tie.get(other, {})}.items():
                if class_name not in (other, "place", "gives") and value != "all":
                    yield from ((name, place, class_name) for place in places(value))


def decisions(path):
    """What a person has left out though it is a handle: functions, and FUNCTION.N."""
    unguarded = yaml.safe_load(pathlib.Path(path).read_text(encoding="utf-8")).get("unguarded") or {}
    return {name for reason, names in unguarded.items() if "no handle" not in reason for name in names}


def is_left_out(use, left_out):
    return use[0] in left_out or f"{use[0]}.{use[1].lstrip('*')}" in left_out


def uses_of(path):
    """{role: {(function, place, class)}}."""
    text = pathlib.Path(path).read_text(encoding="utf-8")
    found = {role: set() for role in ROLES}
    for name, entry in (yaml.safe_load(text)["functions"] or {}).items():
        for key, role in (("op", "ops"), ("acquire", "ops"), ("free", "frees"), ("release", "frees")):
            for class_name, value in entry.get(key, {}).items():
                found[role] |= {(name, place, class_name) for place in places(value)}
        found["ops"] |= set(ties(name, entry))
        made = entry.get("create", [])
        for make in made if isinstance(made, list) else [{**entry, "class": made}]:
            found["creates"].add((name, str(make.get("from", "return")), make["class"]))
            for parent, value in make.get("parent", {}).items():
                found["parents"].add((name, str(value), parent))
    found["classes"] = {(use[2],) for role in ROLES[1:4] for use in found[role]}
    return found


def match_classes(theirs, ours):
    """Which class of the generated manifest is which of the other one: those that agree most come first."""
    common = collections.Counter()
    for role in ROLES[1:4]:
        for name, place, class_name in theirs[role]:
            for other in ours[role]:
                common[class_name, other[2]] += other[:2] == (name, place)
    matched, taken = {}, set()
    for (one, other), count in sorted(common.items(), key=lambda item: (-item[1], item[0])):
        if count and one not in matched and other not in taken:
            matched[one] = other
            taken.add(other)
    return matched


def compare(generated, by_hand, exported, left_out):
    """{role: (right, generated, by hand)}, and what differs."""
    theirs, ours = uses_of(generated), uses_of(by_hand)
    for role in ROLES[1:]:
        ours[role] = {use for use in ours[role] if use[0] in exported}
        theirs[role] = {use for use in theirs[role] if not is_left_out(use, left_out)}
    for uses in theirs, ours:
        uses["classes"] = {(use[2],) for role in ROLES[1:4] for use in uses[role]}
    matched = match_classes(theirs, ours)
    figures, differences = {}, []
    for role in ROLES:
        renamed = {(*use[:-1], matched.get(use[-1], "no class: " + use[-1])) for use in theirs[role]}
        figures[role] = len(renamed & ours[role]), len(renamed), len(ours[role])
        differences += [f"{role}: wrong: {' '.join(use)}" for use in sorted(renamed - ours[role])]
        differences += [f"{role}: missed: {' '.join(use)}" for use in sorted(ours[role] - renamed)]
    return figures, differences


def generate(program, folder, library, headers, flags):
    path = pathlib.Path(folder) / "generated.yaml"
    command = [program, "manifest", "generate", "--library", library, "-o", path]
    for header in headers:
        command += ["--header", header]
    subprocess.run(command + ["--", *flags], check=True)
    return path


def stands_alone(header, include):
    """Whether a program can include it by itself; others are for the library's own headers."""
    command = ["cc", "-fsyntax-only", "-x", "c", f"-I{include}", header]
    return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0


def picked():
    """Name, library, headers and flags of what pick.py picked."""
    runtimes = dict(pick.candidates())
    for line in (HERE / "picked.txt").read_text(encoding="utf-8").splitlines():
        package, _, soname, _ = line.split("\t")
        include = pick.unpack(package) / "usr/include"
        headers = [path for path in sorted(include.rglob("*.h")) if stands_alone(path, include)]
        (library,) = [path for path in pick.unpack(runtimes[package]).rglob("lib*.so.*") if not path.is_symlink()]
        yield soname.split(".so")[0], library, headers, [f"-I{include}"]


def share(part, whole):
    return f"{part / whole:.2f}" if whole else "-"


def row(name, figures):
    cells = [f"{share(right, made)} / {share(right, there)}" for right, made, there in (figures[role] for role in ROLES)]
    return f"| {name} | {' | '.join(cells)} |"


def tell(title, compared):
    """Prints the table of a set of libraries: precision / recall."""
    total = {role: tuple(map(sum, zip(*(figures[role] for _, (figures, _) in compared)))) for role in ROLES}
    print(f"\n| {title} | {' | '.join(ROLES)} |\n|---|{'---|' * len(ROLES)}")
    for name, (figures, _) in compared:
        print(row(name, figures))
    print(row("all", total), flush=True)


def measure(program, title, libraries):
    as_it_is, decided = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, library, headers, flags, by_hand in libraries:
            generated, exported = generate(program, folder, library, headers, flags), pick.exported(library)
            as_it_is.append((name, compare(generated, by_hand, exported, set())))
            decided.append((name, compare(generated, by_hand, exported, decisions(by_hand))))
    tell(title, as_it_is)
    if decided != as_it_is:
        tell(f"{title}, without what was left out", decided)
    print("\n".join(f"{name}: {line}" for name, (_, differences) in decided for line in differences), file=sys.stderr)


def find(soname):
    (path, *_) = [path for path in pathlib.Path("/usr/lib").glob(f"*/{soname}") if path.exists()]
    return path


def main(program, shelf, which=None):
    if which in (None, "shelf"):
        measure(program, "the shelf", [(name, find(soname), headers, flags, pathlib.Path(shelf) / f"{name}.yaml")
                                       for name, (soname, headers, flags) in SHELF.items()])
    if which in (None, "begun"):
        measure(program, "begun with what is generated", [(name, find(soname), headers, flags, pathlib.Path(shelf) / f"{name}.yaml")
                                                          for name, (soname, headers, flags) in BEGUN.items()])
    if which in (None, "later"):
        measure(program, "the rest of the shelf", [(name, find(soname), headers, flags, pathlib.Path(shelf) / f"{name}.yaml")
                                                   for name, (soname, headers, flags) in LATER.items()])
    if which in (None, "picked"):
        measure(program, "picked by a hash", [(*library, HERE / f"by_hand/{library[0]}.yaml") for library in picked()])


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
