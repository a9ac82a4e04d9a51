"""Reads a recording, by no more than what recording-format.md says: its tables are the layouts, kinds and counters here.

Usage: read_recording.py RECORDING.hgr    prints what is in it as JSON

Of what a report tells it leaves out what takes the program's objects: names and lines of program counters that are not kept
in the recording.
"""
import json
import pathlib
import re
import struct
import sys

TYPES = {"u16": "H", "u32": "I", "u64": "Q"}
NONE = 0xFFFFFFFF
WORD = 1 << 64
STRINGS, CLASSES, SYMBOLS, MODULES, THREADS, TOTALS, SITES, RING, LIVE, LABELS, TOLD, NAMED, REACHED, \
    MANIFESTS, UNNAMED = range(1, 16)
RECORDS = {CLASSES: "class", SYMBOLS: "symbol", MODULES: "module", SITES: "site", LIVE: "live", LABELS: "label",
           TOLD: "told", NAMED: "named", REACHED: "reached",
           MANIFESTS: "manifest", UNNAMED: "unnamed"}
USED = {STRINGS, CLASSES, SYMBOLS, MODULES, LABELS, TOLD, NAMED, REACHED,
        MANIFESTS, UNNAMED}  # extents whose `used` says how many records they hold
ASIDE = 8, 9  # tell more, without a stack
ROLES = {1: "call", 2: "free", 3: "create", 4: "in_flight", 5: "children", 6: "holders"}
CALL, CREATE, CHILD, HOLDER = 1, 3, 5, 6
GONE = 1  # flag of a party
CREATOR = 0x4000  # flag of a frame
OPEN, CLOSED, WITHDRAWN = 1, 2, 3
FREE, OWN, HOLE = 1, 4, 2  # bits of a frame's guard
OF_ALL = 64                # flag of a class
MOST_PARTIES, MOST_DEPTH, MOST_TOLD, LONGEST = 48, 64, 64, 32768
LANGUAGES = {1: "go", 2: "python", 3: "java"}


class Unreadable(Exception):
    """The file is no recording that this reader knows."""


# --- what the page says ---

def tables():
    """The layouts by name, as lists of (offset, type, how many, field) and their size, then the kinds and the counters."""
    page = (pathlib.Path(__file__).parent / "recording-format.md").read_text(encoding="utf-8")
    layouts = {}
    for name, size, rows in re.findall(r"^Layout of `(\w+)`, (\d+) bytes[^:]*:\n\n((?:\|.*\n)+)", page, re.MULTILINE):
        fields = re.findall(r"^\| (\d+) \| (\w+)(?:\[(\d+)\])? \| (\w+) \|", rows, re.MULTILINE)
        layouts[name] = int(size), [(int(at), kind, int(count or 0), field) for at, kind, count, field in fields]
    kinds = re.findall(r"^\| \d+ \| ([\w-]+) \| (note|warning|error) \|", page, re.MULTILINE)
    counters = re.findall(r"^\| \d+ \| ([\w-]+) \|", page[page.index("\n## Counters"):], re.MULTILINE)
    return layouts, kinds, counters


LAYOUTS, KINDS, COUNTERS = tables()


def unpack(name, data, at, order):
    """A record as a map of its fields. Those of types that have a layout of their own become lists of maps."""
    size, fields = LAYOUTS[name]
    if at < 0 or at + size > len(data):
        raise Unreadable(f"a {name} at offset {at} does not lie in the file")
    record = {}
    for offset, kind, count, field in fields:
        place = at + offset
        if kind in LAYOUTS:
            step = LAYOUTS[kind][0]
            record[field] = [unpack(kind, data, place + i * step, order) for i in range(count)]
        elif kind in TYPES:
            values = struct.unpack_from(f"{order}{count or 1}{TYPES[kind]}", data, place)
            record[field] = list(values) if count else values[0]
        else:
            raw = data[place:place + count]
            record[field] = raw if kind == "bytes" else raw.split(b"\0")[0].decode("utf-8", "replace")
    return record


class Recording:
    """What is in a file; nothing in there is trusted."""

    def __init__(self, data):
        self.data = data
        if data[:8] != b"HGRECORD":
            raise Unreadable("it does not begin with HGRECORD")
        self.order = "<" if data[12:16] == b"\4\3\2\1" else ">"
        self.header = unpack("header", data, 0, self.order)
        if (self.header["version"], self.header["word_size"], self.header["byte_order"]) != (5, 8, 0x01020304):
            raise Unreadable("it is of another version, word size or byte order")
        if self.header["header_size"] != LAYOUTS["header"][0] or self.header["file_size"] > len(data):
            raise Unreadable("it is cut short")
        self.extents = [extent for extent in self.header["extents"][:self.header["extent_count"]] if extent["type"]]
        for extent in self.extents:
            if extent["offset"] + extent["size"] > len(data) or not extent["stride"]:
                raise Unreadable("an extent reaches beyond the end")

    def of_type(self, number):
        return [extent for extent in self.extents if extent["type"] == number]

    def text(self, at):
        for extent in self.of_type(STRINGS):
            if at < extent["size"]:
                start = extent["offset"] + at
                end = self.data.find(b"\0", start, extent["offset"] + extent["size"])
                return self.data[start:end].decode("utf-8", "replace") if at and end >= 0 else ""
            at -= extent["size"]
        return ""

    def records(self, number):
        """Number and record of all that are in use."""
        first = 0
        for extent in self.of_type(number):
            room = extent["size"] // extent["stride"]
            for i in range(min(room, extent["used"]) if number in USED else room):
                record = unpack(RECORDS[number], self.data, extent["offset"] + i * extent["stride"], self.order)
                if record.get("key", 1) and record.get("state", 1) and record.get("ticks", 1) and (
                        number != LIVE or record["state"] == 2):
                    yield first + i, record
            first += room

    def threads(self):
        """Each with its counters."""
        size = LAYOUTS["thread"][0]
        for extent in self.of_type(THREADS):
            for at in range(extent["offset"], extent["offset"] + extent["size"] - extent["stride"] + 1, extent["stride"]):
                thread = unpack("thread", self.data, at, self.order)
                if thread["state"]:
                    thread["counters"] = self.words(at + size, (extent["stride"] - size) // 8)
                    yield thread

    def words(self, at, count):
        if at < 0 or at + 8 * count > len(self.data):
            raise Unreadable("numbers reach beyond the end")
        return struct.unpack_from(f"{self.order}{count}Q", self.data, at)

    def counts(self):
        """Calls by symbol, then what became of the handles of each class."""
        lists = [thread["counters"] for thread in self.threads()]
        lists += [self.words(extent["offset"], extent["size"] // 8) for extent in self.of_type(TOTALS)]
        longest = max(map(len, lists), default=0)
        return [sum(each[i] for each in lists if i < len(each)) for i in range(longest)]

    def nanoseconds(self, ticks):
        header = self.header
        ran = header["latest_ticks"] - header["start_ticks"]
        passed = header["latest_monotonic_ns"] - header["start_monotonic_ns"]
        return ticks * passed // ran if ran > 0 and passed > 0 else ticks

    def since_start(self, ticks):
        return self.nanoseconds(max(0, ticks - self.header["start_ticks"]))

    # --- findings ---

    def finding_at(self, ring, offset):
        """The finding that stands whole at this offset of the ring, with its parties; or none."""
        at, room = ring["offset"] + offset, ring["size"] - offset
        if room < LAYOUTS["finding"][0]:
            return None
        finding = unpack("finding", self.data, at, self.order)
        is_there = (finding["magic"] == 0x474E49444E494648 and finding["position"] % ring["size"] == offset and
                    finding["position"] >= self.header["ring_head"] - ring["size"])
        fits = LAYOUTS["finding"][0] <= finding["length"] <= min(LONGEST, room) and finding["length"] % 16 == 0
        if not is_there or not fits or finding["kind"] >= len(KINDS) or finding["party_count"] > MOST_PARTIES:
            return None
        if self.checksum(at + 32, finding["length"] - 32) != finding["checksum"]:
            return None
        finding["parties"] = self.parties(finding, at)
        self.conclude(finding)
        return finding if finding["parties"] is not None and finding["kind"] < len(KINDS) else None

    def checksum(self, at, length):
        value = 14695981039346656037
        for word in self.words(at, length // 8):
            value = (value ^ word) * 1099511628211 % WORD
        return value

    def parties(self, finding, at):
        end, parties = at + finding["length"], []
        at += LAYOUTS["finding"][0]
        for _ in range(finding["party_count"]):
            if at + LAYOUTS["party"][0] > end:
                return None
            party = unpack("party", self.data, at, self.order)
            at += LAYOUTS["party"][0]
            size = 8 * party["depth"] + (4 * party["told"] + 7) // 8 * 8
            if party["depth"] > MOST_DEPTH or party["told"] > MOST_TOLD or at + size > end:
                return None
            party["pc"] = list(self.words(at, party["depth"]))
            party["frames"] = list(struct.unpack_from(f"{self.order}{party['told']}I", self.data, at + 8 * party["depth"]))
            at += size
            parties.append(party)
        return parties

    @staticmethod
    def conclude(finding):
        word = finding["outcome"]
        finding["state"], finding["drain_ticks"] = word >> 62, 0
        if finding["state"] == CLOSED:
            finding["kind"], finding["flags"] = word >> 56 & 0x3F, word >> 48 & 0xFF
            site = word >> 32 & 0xFFFF
            finding["site"] = NONE if site == 0xFFFF else site
            finding["drain_ticks"] = (word & 0x3FFFFFF) << (word >> 26 & 0x3F)

    def findings(self):
        found = []
        for ring in self.of_type(RING):
            offset = 0
            while offset < ring["size"]:
                finding = self.finding_at(ring, offset)
                offset += finding["length"] if finding else 16
                if finding and finding["state"] != WITHDRAWN:
                    found.append(finding)
        return sorted(found, key=lambda finding: finding["sequence"])


# --- what is told ---

def stacks_gone(finding):
    return sum(not party["depth"] or party["flags"] & GONE for party in finding["parties"] if party["role"] not in ASIDE)


class Teller:
    """Names in the place of numbers."""

    def __init__(self, recording):
        self.recording = recording
        self.symbols = dict(recording.records(SYMBOLS))
        self.classes = dict(recording.records(CLASSES))
        self.told = dict(recording.records(TOLD))
        self.labels = [label for _, label in recording.records(LABELS)]

    def function(self, number):
        return self.recording.text(self.symbols[number]["name"]) if number in self.symbols else None

    def kind_of_handle(self, number):
        return self.recording.text(self.classes[number]["name"]) if number in self.classes else "?"

    def frame(self, number):
        told = self.told[number]
        return {"language": LANGUAGES.get(told["flags"] & 0xFF), "function": self.recording.text(told["function"]) or None,
                "file": self.recording.text(told["file"]) or None, "line": told["line"],
                "line_begins": False, "inlined": bool(told["flags"] & 0x100)}

    def test(self, tid, ticks):
        """The last label of the thread before that, or else of the process; and whether it is the thread's own."""
        before = [label for label in self.labels if label["ticks"] <= ticks]
        own = [label for label in before if label["tid"] == tid]
        lost = self.recording.header["counters"][COUNTERS.index("labels-full")] and len(before) == len(self.labels)
        latest = own or sorted(before, key=lambda label: label["ticks"])
        text = self.recording.text(latest[-1]["text"]) if latest and not lost else ""
        return {"test": text or None, "test_is_sure": bool(own and text)}

    def call(self, party, at=0):
        frames = [number for number in party["frames"] if number in self.told]
        creators = [number for number in frames if self.told[number]["flags"] & CREATOR]
        told = {"function": self.function(party["symbol"]), "thread": {"id": party["tid"], "name": party["thread_name"]},
                "time_ns": self.recording.since_start(party["ticks"]), "pc": [hex(pc) for pc in party["pc"]],
                "frames": [self.frame(number) for number in frames if number not in creators],
                "goroutine_created_by": self.frame(creators[0]) if creators else None}
        told |= self.test(party["tid"], party["ticks"] or at)
        if party.get("role") in (CHILD, HOLDER):
            told["handle"] = hex(party["value"])
        return told

    def group(self, site, count):
        """What a site knows of its findings."""
        kind, level = KINDS[site["kind"]]
        return {"kind": kind, "level": level, "class": self.kind_of_handle(site["class_index"]), "count": count,
                "function": self.function(site["symbol"]), "other_function": self.function(site["other_symbol"])}

    def finding(self, finding):
        told = {"handle": hex(finding["value"]), "generation": finding["generation"],
                "drain_ns": self.recording.nanoseconds(finding["drain_ticks"]), "deadline_ns": finding["deadline_ns"],
                "unfinished": finding["state"] == OPEN}
        told |= {word: bool(finding["flags"] & bit) for word, bit in
                 (("deferred", 1), ("serialised", 2), ("all", 4), ("withheld", 8), ("leaked", 16))}
        told |= {role: [] for role in ROLES.values()}
        for party in finding["parties"]:
            told[ROLES.get(party["role"], "others")].append(self.call(party, finding["ticks"]))
        return told

    def findings(self):
        """Of each site how often and an example, if the ring still has one; and those that have no site."""
        sites, told, stored = dict(self.recording.records(SITES)), [], {}
        for finding in self.recording.findings():
            number = finding["site"]
            if number in sites and sites[number]["kind"] == finding["kind"]:
                stored.setdefault(number, []).append(finding)
            else:
                told.append(self.group(self.own_site(finding), 1) | self.finding(finding))
        for number, site in sites.items():
            alike = stored.get(number, [])
            if alike or site["count"]:
                example = self.finding(min(alike, key=stacks_gone)) if alike else {}
                told.append(self.group(site, max(site["count"], len(alike))) | example)
        return told

    @staticmethod
    def own_site(finding):
        """What its site would say."""
        call = next((party for party in finding["parties"] if party["role"] == CALL), None)
        skipped = (CALL, CHILD, CREATE) if call else (CALL, CHILD)
        other = next((party for party in finding["parties"] if party["role"] not in skipped + ASIDE), None)
        if KINDS[finding["kind"]][0] == "exhausted":
            other = None
        return {"kind": finding["kind"], "class_index": finding["class_index"],
                "symbol": call["symbol"] if call else NONE, "other_symbol": other["symbol"] if other else NONE}

    def handles(self, counts):
        told = []
        for number in self.classes:
            first = self.recording.header["class_counters"] + 4 * number
            created, adopted, freed, leaked = (list(counts[first:first + 4]) + [0] * 4)[:4]
            told.append({"class": self.kind_of_handle(number), "created": created, "adopted": adopted, "freed": freed,
                         "leaked": leaked, "live": max(0, created + adopted - freed - leaked)})
        return told

    def calls(self, counts):
        told = {}
        for number in self.symbols:
            name = self.function(number)
            told[name] = told.get(name, 0) + (counts[number] if number < len(counts) else 0)
        return told

    def names(self):
        """What is kept of program counters: for each the frames there, innermost first."""
        told = {}
        for _, named in self.recording.records(NAMED):
            told.setdefault(hex(named["pc"]), []).append(
                {key: self.recording.text(named[key]) or None for key in ("function", "file", "language")} |
                {"line": named["line"], "inlined": bool(named["flags"] & 1)})
        return told

    def out_of_reach(self):
        """What is kept of functions that were not called."""
        return {self.function(reached["symbol"]): self.recording.text(reached["reach"])
                for _, reached in self.recording.records(REACHED)}

    def manifests(self):
        """What the process was guarded by, with the functions that each does not name."""
        unnamed = [(self.recording.text(each["manifest"]), self.recording.text(each["function"]))
                   for _, each in self.recording.records(UNNAMED)]
        told = []
        for _, manifest in self.recording.records(MANIFESTS):
            name = self.recording.text(manifest["name"])
            if manifest["state"]:
                told.append({"name": name, "hash": f"{manifest['hash']:016x}",
                             "unnamed": [function for of, function in unnamed if of == name]})
        return told

    def live(self, threads):
        """Handles that a program without exit handlers has not freed, each with its create."""
        names = {thread["tid"]: thread["name"] for thread in threads}
        return [{"class": self.kind_of_handle(live["class_index"]), "handle": hex(live["value"]),
                 "create": self.call(live | {"thread_name": names.get(live["tid"], ""), "pc": live["pc"][:live["depth"]],
                                             "frames": live["told"][:live["told_count"]]})}
                for _, live in self.recording.records(LIVE)]

    def in_flight(self, thread):
        """The calls that the thread is in, or was in at the end."""
        by_slot = {symbol["slot"]: (number, symbol) for number, symbol in reversed(self.symbols.items())}
        told, before = [], None
        for frame in thread["frames"]:
            if frame["guard"] in (0, HOLE):
                before = None
                continue
            number, symbol = by_slot.get(frame["slot"], (NONE, None))
            call = (frame["fp"], frame["slot"], frame["caller"])
            if call != before:
                told.append({"function": self.function(number), "thread": thread["tid"], "handles": []})
            before = call
            flags = self.classes[symbol["class_index"]]["flags"] if symbol and symbol["class_index"] in self.classes else 0
            if frame["guard"] & ~(FREE | OWN) and (frame["value"] or not flags & OF_ALL):
                told[-1]["handles"].append(hex(frame["value"]))
        return told

    def all(self):
        header, counts, threads = self.recording.header, self.recording.counts(), list(self.recording.threads())
        return {"pid": header["pid"], "executable": header["executable"], "clean_exit": bool(header["clean_exit"]),
                "threads": [{"id": thread["tid"], "name": thread["name"]} for thread in threads],
                "handles": self.handles(counts), "calls": self.calls(counts), "findings": self.findings(),
                "in_flight": [call for thread in threads for call in self.in_flight(thread)],
                "live": self.live(threads), "names": self.names(), "reach": self.out_of_reach(),
                "manifests": self.manifests(),
                "counters": {(COUNTERS + [str(i)] * 64)[i]: value for i, value in enumerate(header["counters"])
                             if value or i < len(COUNTERS)}}


def read(path):
    return Teller(Recording(pathlib.Path(path).read_bytes())).all()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        print(json.dumps(read(sys.argv[1]), indent=1))
    except (OSError, Unreadable) as error:
        sys.exit(f"{sys.argv[1]}: {error}")
