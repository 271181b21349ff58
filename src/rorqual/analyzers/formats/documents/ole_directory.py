"""The directory of a compound file: entries, the tree they form, names and flavours ([MS-CFB] 2.6)."""

from collections import Counter
from dataclasses import dataclass, field

from rorqual.analyzers.formats.documents.ole_container import Container, Runs
from rorqual.sdk import Malformed

ENTRY = 128
STORAGE, STREAM, ROOT = 1, 2, 5
NOTHING = 0xFFFFFFFF
MOST_ENTRIES = 65_536
DEEPEST = 64
MSI_BASE = 0x3800
_MSI = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._"
MSI = "84100c0000000000c000000000000046"
MSP = "86100c0000000000c000000000000046"
FLAVOURS = (  # a stream or storage of the root, and the format it makes; the order is precedence
    ("EncryptedPackage", "officecrypt"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("VisioDocument", "vsd"),
    ("Quill", "pub"),
    ("__properties_version1.0", "msg"),
    ("__nameid_version1.0", "msg"),
    ("HwpSummaryInformation", "hwp"),
    ("FileHeader", "hwp"),
    ("   114", "mpp"),
    ("Props12", "mpp"),
    ("Catalog", "thumbsdb"),
)


@dataclass(slots=True)
class Entry:
    """A stream or storage; `path` has the names down to it."""

    number: int
    at: int
    name: str
    kind: int
    start: int
    size: int
    clsid: str
    left: int
    right: int
    child: int
    path: tuple[str, ...] = ()
    orphan: bool = True
    runs: Runs = field(default_factory=list)

    @property
    def shown(self) -> str:
        """The path as text."""
        return "/".join(self.path)


def entries(made: Container) -> list[Entry]:
    """All entries that are in use, the root first, with their paths.

    Raises:
        Malformed: there is no root.
    """
    found: dict[int, Entry] = {}
    number = 0
    for sector in made.chain(made.directory, None, "directory"):
        data = made.view.read(made.place(sector), made.sector)
        for at in range(0, len(data) - ENTRY + 1, ENTRY):
            entry = _entry(data[at : at + ENTRY], number, made.place(sector) + at, small=made.shift == 9)
            if entry is not None:
                found[number] = entry
            number += 1
        if number > MOST_ENTRIES:
            made.trouble("entries_many", made.place(sector), f"more than {MOST_ENTRIES}")
            break
    root = found.get(0)
    if root is None or root.kind != ROOT:
        raise Malformed(made.view.offset + made.place(made.directory), "a root entry")
    root.orphan = False
    _tree(made, found, root)
    for one in found.values():
        if one.orphan:
            one.path = ("?", one.name)
            made.trouble("entry_orphaned", one.at, f"no storage has {one.name!r:.80}")
    return list(found.values())


def _entry(raw: bytes, number: int, at: int, *, small: bool) -> Entry | None:
    kind = raw[66]
    length = int.from_bytes(raw[64:66], "little")
    if kind not in (STORAGE, STREAM, ROOT) or not 2 <= length <= 64:
        return None
    size = int.from_bytes(raw[120 : 124 if small else 128], "little")
    words = [int.from_bytes(raw[start : start + 4], "little") for start in (68, 72, 76, 116)]
    name = raw[: length - 2].decode("utf-16-le", "replace")
    return Entry(number, at, _plain(name), kind, words[3], size, raw[80:96].hex(), words[0], words[1], words[2])


def _plain(name: str) -> str:
    """The name; Windows Installer packs two letters into one character."""
    out = []
    for char in name:
        code = ord(char) - MSI_BASE
        if 0 <= code < 0x1000:
            out.append(_MSI[code & 0x3F] + _MSI[code >> 6])
        elif 0x1000 <= code < 0x1040:
            out.append(_MSI[code - 0x1000])
        elif code == 0x1040:
            out.append("!")
        else:
            out.append(char)
    return "".join(out)


def _tree(made: Container, found: dict[int, Entry], root: Entry) -> None:
    left: list[tuple[int, tuple[str, ...]]] = [(root.child, ())] if root.child != NOTHING else []
    seen = {0}
    names: Counter[tuple[str, ...]] = Counter()
    while left:
        number, above = left.pop()
        one = found.get(number)
        made.view.step()
        if one is None or number in seen:
            proof = "comes again" if number in seen else "is none"
            made.trouble("tree_broken", root.at, f"entry {number} {proof}")
            continue
        seen.add(number)
        one.orphan = False
        one.path = (*above, one.name)
        names[(*above, one.name.upper())] += 1
        if names[(*above, one.name.upper())] == 2:
            made.trouble("names_twice", one.at, f"two entries {one.shown!r:.80}")
        left += [(side, above) for side in (one.left, one.right) if side != NOTHING]
        if one.kind == STORAGE and one.child != NOTHING and len(one.path) < DEEPEST:
            left.append((one.child, one.path))


def flavour(all_entries: list[Entry]) -> str:
    """The id of the format."""
    root = all_entries[0]
    if root.clsid in (MSI, MSP):
        return "msi" if root.clsid == MSI else "msp"
    names = {one.name.lstrip("\1\3\5") for one in all_entries if len(one.path) == 1}
    return next((format for name, format in FLAVOURS if name in names), "ole")
