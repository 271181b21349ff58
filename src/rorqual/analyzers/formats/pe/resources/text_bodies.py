"""The records that findings on the texts in a PE image's resources carry."""

from typing import ClassVar

from rorqual.analyzers.formats.pe.resources.dialogs import Control, MenuItem
from rorqual.analyzers.formats.pe.resources.string_tables import TextRow
from rorqual.sdk import frozen


@frozen
class PEStrings:
    """The texts of a bundle that are not empty; the finding spans the bundle."""

    tag: ClassVar[str] = "pe_strings"
    bundle: str | None
    language: str | None
    language_id: int | None
    rows: tuple[TextRow, ...]


@frozen
class PEDialog:
    """A dialog; the finding spans its template."""

    tag: ClassVar[str] = "pe_dialog"
    name: str | None
    language: str | None
    language_id: int | None
    extended: bool  # DIALOGEX
    title: str
    font: str  # empty: the system's
    point_size: int
    window_class: str  # empty: that of dialogs
    menu: str
    style: int
    number_of_controls: int  # as declared
    controls: tuple[Control, ...]  # 256 at most


@frozen
class PEMenu:
    """A menu; the finding spans its template."""

    tag: ClassVar[str] = "pe_menu"
    name: str | None
    language: str | None
    language_id: int | None
    extended: bool  # MENUEX
    number_of_items: int
    items: tuple[MenuItem, ...]  # 256 at most


@frozen
class PEAccelerators:
    """A table of keys that stand for commands."""

    tag: ClassVar[str] = "pe_accelerators"
    name: str | None
    language: str | None
    language_id: int | None
    number_of_keys: int


@frozen
class PEMessages:
    """Messages of a table, 256 at most; the finding spans the table, which is as many findings as it takes."""

    tag: ClassVar[str] = "pe_messages"
    name: str | None
    language: str | None
    language_id: int | None
    first: int  # index of the first row
    rows: tuple[TextRow, ...]
