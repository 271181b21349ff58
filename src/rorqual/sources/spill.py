"""Unlinked files on disk for what does not fit in memory; never on a RAM disk unless told."""

import os
from functools import cache
from typing import BinaryIO, cast

TOLD = "RORQUAL_SPOOL"  # the environment variable that names the folder
IN_MEMORY = {"tmpfs", "ramfs", "devtmpfs"}


def open_spill() -> BinaryIO:
    """A new file, unlinked as soon as opened, readable by its owner alone.

    Raises:
        OSError: the disk refuses, or the folder named by RORQUAL_SPOOL cannot be used.
    """
    import tempfile  # noqa: PLC0415 - 5 ms that few scans need pay

    return cast(BinaryIO, tempfile.TemporaryFile(dir=folder(), prefix="rorqual-", buffering=0))


@cache
def folder() -> str:
    """The folder that RORQUAL_SPOOL names, else the first usual one that is on disk and writable."""
    if told := os.environ.get(TOLD):
        return told
    import tempfile  # noqa: PLC0415 - the same

    usual = [os.environ.get("TMPDIR"), "/var/tmp", tempfile.gettempdir(), os.getcwd()]
    there = [path for path in usual if path and os.path.isdir(path) and os.access(path, os.W_OK)]
    return next((path for path in there if _kind(path) not in IN_MEMORY), tempfile.gettempdir())


def _kind(path: str) -> str | None:
    """The type of file system that holds the path, where the system tells."""
    real = os.path.realpath(path)
    best, kind = -1, None
    try:
        with open("/proc/self/mounts", encoding="utf-8", errors="surrogateescape") as mounts:
            for line in mounts:
                _, point, name, *_ = line.split(" ")
                at = point.replace("\\040", " ").rstrip("/") + "/"
                if (real + "/").startswith(at) and len(at) > best:
                    best, kind = len(at), name
    except OSError:
        return None
    return kind
