"""What is wrong with an archive, and the room in it: each kind is told only so often, and counted beyond.

Also what archives of all kinds have in common: names of members that lead elsewhere.
"""

import re
from collections import Counter
from collections.abc import Iterator

from rorqual.sdk import Anomaly, Hit, Room, Said

EACH = 16  # anomalies of one name
ROOMS = 1024
LEAST_ROOM = 8  # bytes
TRIED = 4096  # bytes of a room looked at for others than zeros
PROOF_SHOWN = 300  # characters

UPWARDS = re.compile(rb"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:[/\\]")
OVERRIDE = b"\xe2\x80\xae"  # right-to-left, in UTF-8

# Names that readers of one ZIP take differently: ATT&CK's obfuscated files; folders climbed out of are an exploit.
HIDING = "T1027"
ATTACK = {
    "names_differ": (HIDING, "T1036"),
    "methods_differ": (HIDING,),
    "sizes_differ": (HIDING,),
    "encryption_differs": (HIDING,),
    "encryption_pretended": (HIDING,),
    "duplicate_name": (HIDING,),
    "member_not_listed": (HIDING,),
    "members_overlap": ("T1499",),
    "two_directories": (HIDING,),
    "second_end_record": (HIDING,),
    "zip64_differs": (HIDING,),
    "entry_count_differs": (HIDING,),
    "unknown_method": (HIDING,),
    "right_to_left_name": ("T1036.002",),
}
CONTRADICTING = (
    "names_differ",
    "methods_differ",
    "sizes_differ",
    "encryption_differs",
    "descriptor_differs",
    "local_header_missing",
    "entry_count_differs",
    "zip64_differs",
)


def climbs(name: bytes) -> bool:
    """Whether a member's name leads out of the folder it is unpacked into."""
    maybe = b".." in name or name[:1] in (b"/", b"\\") or name[1:2] == b":"
    return maybe and UPWARDS.search(name) is not None


class Notes:
    """Says anomalies and rooms of one format; places are offsets in the source."""

    def __init__(self, hit: Hit, format: str) -> None:
        self._hit = hit
        self._format = format
        self.counts: Counter[str] = Counter()
        self._rooms = 0

    def anomaly(self, offset: int, size: int, name: str, proof: str) -> Iterator[Said]:
        """One more of this name."""
        self.counts[name] += 1
        if self.counts[name] <= EACH and offset >= 0:
            body = Anomaly(name, proof[:PROOF_SHOWN], ATTACK.get(name, ()))
            yield self._hit.finding(offset - self._hit.offset, max(0, size), body)

    def room(self, offset: int, content: bytes, use: str, size: int | None = None) -> Iterator[Said]:
        """Room that holds `content`, or begins with it where it has `size` bytes."""
        size = len(content) if size is None else size
        if size >= LEAST_ROOM and self._rooms < ROOMS and content.strip(b"\0"):
            self._rooms += 1
            yield self._hit.finding(offset - self._hit.offset, size, Room(self._format, use))
