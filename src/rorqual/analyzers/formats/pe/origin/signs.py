"""What the rules for packers, installers and toolchains look at, and what they say."""

from typing import NamedTuple

from rorqual.analyzers.formats.pe.layout import Layout, Section
from rorqual.analyzers.formats.pe.memory import Memory
from rorqual.analyzers.formats.pe.resources.resource_lookup import Resource, Resources
from rorqual.sdk import View

PACKER, PROTECTOR, COMPILER = "packer", "protector", "compiler"
INSTALLER, SFX, RUNTIME = "installer", "sfx", "runtime"


class Sign(NamedTuple):
    """Something recognised; `at` counts from the image's start."""

    name: str
    kind: str
    version: str | None
    proof: str
    at: int
    size: int  # bytes that prove it


class Subject:
    """An image, its parts read on demand."""

    def __init__(self, view: View, layout: Layout) -> None:
        self.view = view
        self.layout = layout
        self.memory = Memory(layout, view)
        self.resources = Resources(layout, self.memory)

    def section(self, name: str) -> Section | None:
        """The first section of that name with bytes in the file."""
        return next((one for one in self.layout.sections if one.name == name and one.present), None)

    def head(self, section: Section | None, most: int) -> bytes:
        """The first bytes of a section."""
        return b"" if section is None else self.view.read(section.at, min(most, section.present))

    def overlay(self, most: int) -> bytes:
        """The first bytes behind the image, read once by whoever asks for the most of them."""
        return self.view.read(self.layout.end, most)

    def place(self, resource: Resource) -> int | None:
        """Where a resource's data lies in the file."""
        return self.layout.at(resource.rva)

    def holds(self, at: int, size: int) -> bool:
        """Whether all of `size` bytes at `at` are there."""
        return size > 0 and self.view.holds(at + size - 1)
