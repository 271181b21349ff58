"""Bytes written as text: base64, hex, quoted-printable and what they hold."""

from rorqual.sdk import Analyzer


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return ()
