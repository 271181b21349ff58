"""Eleven mebibytes of a repeated block behind a PE, and a ZIP behind those."""

import io
import random
import zipfile

from tests.builders.pe import build as image


def build() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(zipfile.ZipInfo("kept.txt"), "what follows the filler is never thrown away")
    return image() + random.Random(1).randbytes(1 << 20) * 11 + archive.getvalue()
