"""A program and an archive as resources: both are looked into as files of their own. Two leaves share the archive."""

import io
import zipfile

from tests.builders.pe import build as program
from tests.builders.pe_resources import RCDATA, RVA, Resource, image, section


def build() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("readme.txt", (2020, 1, 1, 0, 0, 0)), "what is inside")
    data = packed.getvalue()
    resources = [Resource(RCDATA, 1, data), Resource(RCDATA, 2, program()), Resource(RCDATA, 3, b"")]
    place = RVA + section(resources).find(data)
    resources[2] = Resource(RCDATA, 3, b"", rva=place, size=len(data))
    return image(resources)
