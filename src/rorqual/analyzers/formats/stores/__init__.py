"""Databases, logs, captures and the data files of programs."""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor

PCAP = (
    Anchor(rb"[\xd4\x4d\x34][\xc3\x3c\xcd]\xb2\xa1\x02\x00[\x00-\x04]\x00"),
    Anchor(rb"\xa1\xb2[\xc3\x3c\xcd][\xd4\x4d\x34]\x00\x02\x00[\x00-\x04]"),
)
PCAPNG = (
    Anchor(rb"\n\r\r\n[\x00-\xff]{2}\x00\x00\x4d\x3c\x2b\x1a"),
    Anchor(rb"\n\r\r\n\x00\x00[\x00-\xff]{2}\x1a\x2b\x3c\x4d"),
)
SQLITE = (Anchor(rb"SQLite format 3\x00"),)
SQLITE_WAL = (
    Anchor(rb"\x37\x7f\x06[\x82\x83]\x00\x2d\xe2\x18"),
    Anchor(rb"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"),
)
WAD = (Anchor(rb"[IP]WAD[\x00-\xff]{2}[\x00\x01]\x00[\x00-\xff]{3}[\x00-\x7f]"),)


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("pcap", "formats.stores.pcap:Pcap", *PCAP),
        Later("pcapng", "formats.stores.pcapng:Pcapng", *PCAPNG),
        Later("sqlite", "formats.stores.sqlite:SQLite", *SQLITE),
        Later("sqlitewal", "formats.stores.sqlite_wal:SQLiteWAL", *SQLITE_WAL),
        Later("wad", "formats.stores.wad:Wad", *WAD),
    )
