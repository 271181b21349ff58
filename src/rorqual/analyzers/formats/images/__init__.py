"""Images."""

from rorqual.sdk import Analyzer


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return ()
