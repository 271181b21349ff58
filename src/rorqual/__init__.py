"""Rorqual reads a file of any size once, in bounded memory, and says what it is and what was not looked at."""

__version__ = "0.1.0"

TYPE_CHECKING = False  # what typing calls so; importing it takes longer than all else here

if TYPE_CHECKING:
    from rorqual.engine.limits import Limits
    from rorqual.findings.record import Finding
    from rorqual.findings.report import Report
    from rorqual.run.local import scan
    from rorqual.sources.chunked_file_reader import ChunkedFileReader

__all__ = ["ChunkedFileReader", "Finding", "Limits", "Report", "__version__", "scan"]

_HOME = {
    "ChunkedFileReader": "rorqual.sources.chunked_file_reader",
    "Finding": "rorqual.findings.record",
    "Limits": "rorqual.engine.limits",
    "Report": "rorqual.findings.report",
    "scan": "rorqual.run.local",
}


def __getattr__(name: str) -> object:
    """Loads a public name when it is first asked for: `rorqual --version` should not pay for the engine."""
    if name not in _HOME:
        raise AttributeError(f"module 'rorqual' has no attribute {name!r}")
    import importlib  # noqa: PLC0415

    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
