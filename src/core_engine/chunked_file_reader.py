"""`ChunkedFileReader` and `log_memory_usage` under the founding specification's name.

They live in `rorqual.sources.chunked_file_reader` and `rorqual.engine.memory`.
"""

from rorqual.engine.memory import log_memory_usage
from rorqual.sources.chunked_file_reader import (
    DEFAULT_CHUNK_SIZE,
    DEFAULT_MMAP_THRESHOLD,
    ChunkedFileReader,
    ChunkSizeError,
    DirectoryError,
    FileMissingError,
    FileTruncatedError,
    LargeReadWarning,
    MmapThresholdError,
    NegativeRangeError,
    NotARegularFileError,
    OverlapError,
    RangeBeyondEndError,
    ReaderClosedError,
    ReaderError,
    ReaderNotOpenError,
)

__all__ = [
    "DEFAULT_CHUNK_SIZE",
    "DEFAULT_MMAP_THRESHOLD",
    "ChunkSizeError",
    "ChunkedFileReader",
    "DirectoryError",
    "FileMissingError",
    "FileTruncatedError",
    "LargeReadWarning",
    "MmapThresholdError",
    "NegativeRangeError",
    "NotARegularFileError",
    "OverlapError",
    "RangeBeyondEndError",
    "ReaderClosedError",
    "ReaderError",
    "ReaderNotOpenError",
    "log_memory_usage",
]
