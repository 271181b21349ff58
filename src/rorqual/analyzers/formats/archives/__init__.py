"""Archives: members with names, one beside the other."""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor, Kind

END = Kind("end")


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (Later("zip", "formats.archives.zip.probe:Zip", Anchor(rb"PK\x05\x06"), END, heads=(b"PK\3\4",)),)
