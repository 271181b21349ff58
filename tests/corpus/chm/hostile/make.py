"""Chunks that lead in a circle, and a name that climbs."""

from tests.builders.solid_others import chm


def build() -> bytes:
    file = bytearray(chm([("/../run.hta", b"<script>")]))
    at = file.index(b"PMGL")
    file[at + 16 : at + 20] = bytes(4)
    return bytes(file)
