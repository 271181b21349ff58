"""OLE2 compound documents, told apart by the names in their directory ([MS-CFB] 2.2 and 2.6).

The FAT chain of the directory is followed through the DIFAT of the header, at most SECTORS sectors; streams
are not read. The class of the root entry decides between formats of one family (MSI and its patches).
"""

from rorqual.analyzers.formats.type_head import Check, Guess, Head

SECTORS = 8
MSI = bytes.fromhex("84100c0000000000c000000000000046")
MSP = bytes.fromhex("86100c0000000000c000000000000046")

# (stream or storage, format); the order is precedence, since a document may embed another.
STREAMS = (
    ("WordDocument", "doc"),
    ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("VisioDocument", "vsd"),
    ("Quill", "pub"),
    ("EncryptedPackage", "officecrypt"),
    ("__properties_version1.0", "msg"),
    ("__nameid_version1.0", "msg"),
    ("HwpSummaryInformation", "hwp"),
    ("FileHeader", "hwp"),
    ("   114", "mpp"),
    ("Props12", "mpp"),
    ("Catalog", "thumbsdb"),
)


def ole(head: Head) -> Guess | None:
    """The byte order mark and sector sizes of the header, then the directory."""
    shift = head.le(30, 2)
    if len(head.data) < 512:
        return Guess("ole", "long magic")
    if head.le(28, 2) != 0xFFFE or shift not in (9, 12):
        return None
    sector, width = head.le(48, 4), 1 << shift
    names: set[str] = set()
    root = b""
    seen: set[int] = set()
    while sector < 0xFFFFFFFA and sector not in seen and len(seen) < SECTORS:
        seen.add(sector)
        data = head.read((sector + 1) << shift, width)
        for at in range(0, len(data) - 127, 128):
            length = int.from_bytes(data[at + 64 : at + 66], "little")
            if 2 <= length <= 64:
                names.add(data[at : at + length - 2].decode("utf-16-le", "replace").lstrip("\x01\x03\x05"))
                root = root or data[at + 80 : at + 96]
        sector = _next(head, sector, shift)
    if not names:
        return Guess("ole", "fields")
    if root in (MSI, MSP):
        return Guess("msi" if root == MSI else "msp", "structure")
    for name, format in STREAMS:
        if name in names:
            return Guess(format, "structure")
    return Guess("ole", "structure")


def _next(head: Head, sector: int, shift: int) -> int:
    """What the FAT says follows `sector`; the end of chain where the header's DIFAT does not reach."""
    per = 1 << (shift - 2)
    index = sector // per
    if index >= 109:
        return 0xFFFFFFFE
    fat = head.le(76 + 4 * index, 4)
    if fat >= 0xFFFFFFFA:
        return 0xFFFFFFFE
    following = head.le(((fat + 1) << shift) + 4 * (sector % per), 4)
    return following if following >= 0 else 0xFFFFFFFE


CHECKS: dict[str, Check] = {"ole": ole}
