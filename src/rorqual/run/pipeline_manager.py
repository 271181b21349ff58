"""The founding specification's way in: a pipeline that is made once and run on paths."""

import os

import rorqual
from rorqual.findings.record import Json
from rorqual.sources.chunked_file_reader import DEFAULT_CHUNK_SIZE


class PipelineManager:
    """Runs every analyzer over files of any size, and gives the report as a dict.

    `chunk_size` is in bytes, `workers` counts processes (None: as many as help), `memory` is the budget of
    the whole process tree in bytes (None: the default). None of them changes what the report says outside
    its `run` block.
    """

    def __init__(
        self,
        chunk_size: int = DEFAULT_CHUNK_SIZE,
        *,
        workers: int | None = None,
        memory: int | None = None,
    ) -> None:
        self._chunk_size = chunk_size
        self._workers = workers
        self._memory = memory

    def run_pipeline(self, path: str | os.PathLike[str]) -> dict[str, Json]:
        """Scan the file at `path` and return its report, as the published JSON Schema describes it.

        Raises what `rorqual.scan` raises: `FileNotFoundError`, `IsADirectoryError`, `PermissionError`, and
        `ValueError` for a chunk size, number of workers or budget that cannot be.
        """
        report = rorqual.scan(path, chunk_size=self._chunk_size, workers=self._workers, memory=self._memory)
        return report.to_dict()
