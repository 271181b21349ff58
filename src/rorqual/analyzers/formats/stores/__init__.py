"""Databases, logs, captures and the data files of programs."""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor

BDB = tuple(  # the magic numbers of hash, tree, queue and heap, each as rare bytes that the matcher finds at no cost
    Anchor(magic, back=12)
    for magic in (
        rb"\x61\x15\x06\x00[\x01-\x1f]",
        rb"\x62\x31\x05\x00[\x01-\x1f]",
        rb"\x53\x22\x04\x00[\x01-\x1f]",
        rb"\x82\x45\x07\x00[\x01-\x1f]",
        rb"\x00\x06\x15\x61\x00",
        rb"\x00\x05\x31\x62\x00",
        rb"\x00\x04\x22\x53\x00",
        rb"\x00\x07\x45\x82\x00",
    )
)
BPLIST = (Anchor(rb"bplist0[0-9]"),)
EVT = (Anchor(rb"\x30\x00\x00\x00LfLe\x01\x00\x00\x00"),)
EVTX = (Anchor(rb"ElfFile\x00"),)
GDBM = (
    Anchor(rb"[\xcd-\xd1]\x9a\x57\x13[\x00-\xff]{2}[\x00-\x7f]\x00"),
    Anchor(rb"\x13\x57\x9a[\xcd-\xd1]\x00[\x00-\x7f][\x00-\xff]{2}"),
)
GIT_INDEX = (Anchor(rb"DIRC\x00\x00\x00[\x02-\x04]"), Anchor(rb"\xfftOc\x00\x00\x00\x02"))
GIT_PACK = (Anchor(rb"PACK\x00\x00\x00[\x02\x03]"),)
HDF5 = (Anchor(rb"\x89HDF\r\n\x1a\n"),)
IHEX = (  # a line of data or of an address, whose first digits stand behind a colon
    Anchor(rb":02000002[0-9A-Fa-f]{6}"),
    Anchor(rb":02000004[0-9A-Fa-f]{6}"),
    Anchor(rb":[0-4][0-9A-Fa-f]000000[0-9A-Fa-f]{4}"),
    Anchor(rb":[12]0[0-9A-Fa-f]{2}0000[0-9A-Fa-f]{34}"),
)
JAVA_SERIAL = (Anchor(rb"\xac\xed\x00\x05[\x70-\x7e]"),)
MEMDUMP = (Anchor(rb"PAGEDUMP"), Anchor(rb"PAGEDU64"))
MINIDUMP = (Anchor(rb"MDMP\x93\xa7"),)
MO = (
    Anchor(rb"\xde\x12\x04\x95[\x00\x01]\x00[\x00\x01]\x00"),
    Anchor(rb"\x95\x04\x12\xde\x00[\x00\x01]\x00[\x00\x01]"),
)
NETCDF = (
    Anchor(rb"CDF[\x01\x02][\x00-\xff]{4}\x00\x00\x00[\x00\x0a]"),
    Anchor(rb"CDF\x05[\x00-\xff]{8}\x00\x00\x00[\x00\x0a]"),
)
NPY = (Anchor(rb"\x93NUMPY[\x01-\x03]\x00"),)
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
REGF = (Anchor(rb"regf"),)
SQLITE = (Anchor(rb"SQLite format 3\x00"),)
SQLITE_WAL = (
    Anchor(rb"\x37\x7f\x06[\x82\x83]\x00\x2d\xe2\x18"),
    Anchor(rb"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"),
)
SREC = (Anchor(rb"S0[0-9A-Fa-f]{2}0000[0-9A-Fa-f]{2}"),)
THUMBCACHE = (Anchor(rb"CMMM[\x14-\x20]\x00\x00\x00[\x00-\x10]\x00\x00\x00"),)
TORRENT = (
    Anchor(rb"d8:announce"),
    Anchor(rb"d13:announce-list"),
    Anchor(rb"d7:comment"),
    Anchor(rb"d10:created by"),
    Anchor(rb"d13:creation date"),
    Anchor(rb"d8:encoding"),
    Anchor(rb"d4:infod"),
)
UF2 = (Anchor(rb"UF2\n\x57\x51\x5d\x9e"),)
WAD = (Anchor(rb"[IP]WAD[\x00-\xff]{2}[\x00\x01]\x00[\x00-\xff]{3}[\x00-\x7f]"),)


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("bdb", "formats.stores.bdb:Berkeley", *BDB),
        Later("bplist", "formats.stores.bplist:Bplist", *BPLIST),
        Later("evt", "formats.stores.evt:Evt", *EVT),
        Later("evtx", "formats.stores.evtx:Evtx", *EVTX),
        Later("gdbm", "formats.stores.gdbm:Gdbm", *GDBM),
        Later("gitindex", "formats.stores.git_index:GitIndexProbe", *GIT_INDEX),
        Later("gitpack", "formats.stores.git_pack:GitPackProbe", *GIT_PACK),
        Later("hdf5", "formats.stores.hdf5:HDF5Probe", *HDF5),
        Later("ihex", "formats.stores.hex_text:IntelHex", *IHEX),
        Later("javaserial", "formats.stores.java_serial:JavaSerial", *JAVA_SERIAL),
        Later("memdump", "formats.stores.crash_dump:CrashDump", *MEMDUMP),
        Later("minidump", "formats.stores.minidump:MinidumpProbe", *MINIDUMP),
        Later("mo", "formats.stores.mo:Mo", *MO),
        Later("netcdf", "formats.stores.netcdf:NetCDF", *NETCDF),
        Later("npy", "formats.stores.npy:Npy", *NPY),
        Later("pcap", "formats.stores.pcap:Pcap", *PCAP),
        Later("pcapng", "formats.stores.pcapng:Pcapng", *PCAPNG),
        Later("prefetch", "formats.stores.prefetch:Prefetch", *PREFETCH),
        Later("regf", "formats.stores.regf:Regf", *REGF),
        Later("sqlite", "formats.stores.sqlite:SQLite", *SQLITE),
        Later("sqlitewal", "formats.stores.sqlite_wal:SQLiteWAL", *SQLITE_WAL),
        Later("srec", "formats.stores.hex_text:SRecord", *SREC),
        Later("thumbcache", "formats.stores.thumbcache:Thumbcache", *THUMBCACHE),
        Later("torrent", "formats.stores.torrent:TorrentProbe", *TORRENT),
        Later("uf2", "formats.stores.uf2:Uf2", *UF2),
        Later("wad", "formats.stores.wad:Wad", *WAD),
    )
