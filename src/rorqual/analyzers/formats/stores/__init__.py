"""Databases, logs, captures and the data files of programs."""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor

EVT = (Anchor(rb"\x30\x00\x00\x00LfLe\x01\x00\x00\x00"),)
EVTX = (Anchor(rb"ElfFile\x00"),)
MEMDUMP = (Anchor(rb"PAGEDUMP"), Anchor(rb"PAGEDU64"))
MINIDUMP = (Anchor(rb"MDMP\x93\xa7"),)
PCAP = (
    Anchor(rb"[\xd4\x4d\x34][\xc3\x3c\xcd]\xb2\xa1\x02\x00[\x00-\x04]\x00"),
    Anchor(rb"\xa1\xb2[\xc3\x3c\xcd][\xd4\x4d\x34]\x00\x02\x00[\x00-\x04]"),
)
PCAPNG = (
    Anchor(rb"\n\r\r\n[\x00-\xff]{2}\x00\x00\x4d\x3c\x2b\x1a"),
    Anchor(rb"\n\r\r\n\x00\x00[\x00-\xff]{2}\x1a\x2b\x3c\x4d"),
)
PREFETCH = (
    Anchor(rb"[\x11\x17\x1a\x1e\x1f]\x00\x00\x00SCCA"),
    Anchor(rb"MAM[\x04\x84][\x00-\xff]{2}[\x00-\x0f]\x00"),
)
REGF = (Anchor(rb"regf[\x00-\xff]{16}\x01\x00\x00\x00[\x00-\x06]\x00\x00\x00"),)
SQLITE = (Anchor(rb"SQLite format 3\x00"),)
SQLITE_WAL = (
    Anchor(rb"\x37\x7f\x06[\x82\x83]\x00\x2d\xe2\x18"),
    Anchor(rb"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"),
)
THUMBCACHE = (Anchor(rb"CMMM[\x14-\x20]\x00\x00\x00[\x00-\x10]\x00\x00\x00"),)
WAD = (Anchor(rb"[IP]WAD[\x00-\xff]{2}[\x00\x01]\x00[\x00-\xff]{3}[\x00-\x7f]"),)


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("evt", "formats.stores.evt:Evt", *EVT),
        Later("evtx", "formats.stores.evtx:Evtx", *EVTX),
        Later("memdump", "formats.stores.crash_dump:CrashDump", *MEMDUMP),
        Later("minidump", "formats.stores.minidump:MinidumpProbe", *MINIDUMP),
        Later("pcap", "formats.stores.pcap:Pcap", *PCAP),
        Later("pcapng", "formats.stores.pcapng:Pcapng", *PCAPNG),
        Later("prefetch", "formats.stores.prefetch:Prefetch", *PREFETCH),
        Later("regf", "formats.stores.regf:Regf", *REGF),
        Later("sqlite", "formats.stores.sqlite:SQLite", *SQLITE),
        Later("sqlitewal", "formats.stores.sqlite_wal:SQLiteWAL", *SQLITE_WAL),
        Later("thumbcache", "formats.stores.thumbcache:Thumbcache", *THUMBCACHE),
        Later("wad", "formats.stores.wad:Wad", *WAD),
    )
