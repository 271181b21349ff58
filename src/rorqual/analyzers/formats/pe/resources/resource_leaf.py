"""What a walk over a resource tree yields: leaves, and lies of the tree. `at`s count from the image's start."""

from typing import NamedTuple

from rorqual.analyzers.formats.pe.resources.resource_names import language_tag, type_name

ENTRY_SIZE = 16  # IMAGE_RESOURCE_DATA_ENTRY
Key = int | str  # of a row: a number or a name


class Leaf(NamedTuple):
    """A data entry and the way to it."""

    path: tuple[Key, ...]  # type, name, language: as far as the levels go
    levels: int  # of directories above it
    rva: int
    size: int  # as declared
    code_page: int
    entry_at: int  # of its data entry
    at: int
    present: int  # bytes of it in the file, at most `size`

    @property
    def kind(self) -> Key:
        """The type, as stored."""
        return self.path[0]

    @property
    def type(self) -> str:
        """The type's name, its number in decimal, or the string it is known by."""
        return type_name(self.path[0])

    @property
    def name(self) -> str | None:
        """The name, or its number in decimal."""
        return str(self.path[1]) if len(self.path) > 1 else None

    @property
    def language_id(self) -> int | None:
        """The language as stored."""
        return self.path[2] if len(self.path) > 2 and isinstance(self.path[2], int) else None

    @property
    def language(self) -> str | None:
        """The language's usual tag."""
        return None if self.language_id is None else language_tag(self.language_id)


class Lie(NamedTuple):
    """What is wrong with the tree, and the bytes that prove it."""

    name: str
    at: int
    size: int
    proof: str
