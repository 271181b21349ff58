"""What every bench is given."""

from dataclasses import dataclass
from pathlib import Path

from bench.data import Data


@dataclass(frozen=True, slots=True)
class Context:
    """The files to measure, and how long to take over it."""

    data: Data
    rounds: int = 3  # of each side of a ratio
    largest: bool = True  # 100 GB too
    ordinary: Path | None = None  # a folder of ordinary files
    executables: Path | None = None  # a folder of executables
