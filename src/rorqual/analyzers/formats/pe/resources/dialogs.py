"""Dialogs, menus and accelerators in resources.

A dialog is a template of fixed fields, then menu, class and title, then the font, then items aligned to 4 bytes:
https://learn.microsoft.com/windows/win32/dlgbox/dlgtemplateex (and DLGTEMPLATE, the older form). A class, text or menu
is a UTF-16 text up to its NUL, nothing (0), or 0xFFFF and a number.

Menus: https://learn.microsoft.com/windows/win32/menurc/menuheader (version 0) and menuex-template-header (version 1).
Positions, styles of controls and creation data are passed over.
"""

import struct
from collections.abc import Callable
from typing import NamedTuple

from rorqual.analyzers.formats.pe.resources.resource_names import escaped_lines

TEMPLATE_MAX = 1 << 18  # bytes of a dialog or menu that are read
CONTROLS_TOLD = 256  # of one dialog; all are counted as declared
ITEMS_TOLD = 256  # of one menu; all that are read are counted
TEXT_MAX = 256  # characters of a text that are told
_EX = b"\1\0\xff\xff"  # dlgVer 1, signature
_HEAD, _HEAD_EX = struct.Struct("<IIH4h"), struct.Struct("<4xIIIH4h")
_ITEM, _ITEM_EX = struct.Struct("<II4hH"), struct.Struct("<III4hI")
_ITEM_MENU_EX = struct.Struct("<IIIH")
_SET_FONT = 0x40
_CLASSES = {0x80: "Button", 0x81: "Edit", 0x82: "Static", 0x83: "ListBox", 0x84: "ScrollBar", 0x85: "ComboBox"}
_POPUP, _END = 0x10, 0x80
_POPUP_EX = 0x01
_ACCELERATOR_SIZE = 8

Step = Callable[[int], None]


class Control(NamedTuple):
    """A control of a dialog. A text that is a number names another resource, as "#12"."""

    id: int
    window_class: str
    text: str


class Dialog(NamedTuple):
    """A dialog as its template has it."""

    extended: bool
    style: int
    menu: str
    window_class: str
    title: str
    font: str
    point_size: int
    declared: int  # controls
    read: int  # controls
    controls: tuple[Control, ...]


class MenuItem(NamedTuple):
    """An item of a menu; one that opens another menu has the number 0 in the older form."""

    id: int
    level: int  # 0: of the menu itself
    text: str


class Menu(NamedTuple):
    """A menu and those it opens."""

    extended: bool
    items: int
    whole: bool  # whether it ends as it should
    rows: tuple[MenuItem, ...]


class _Reader:
    """Reads fields one behind the other; zeros where the data has ended."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    @property
    def ended(self) -> bool:
        return self.at > len(self.data)

    def fields(self, form: struct.Struct) -> tuple[int, ...]:
        data = self.data[self.at : self.at + form.size].ljust(form.size, b"\0")
        self.at += form.size
        return form.unpack(data)

    def word(self) -> int:
        value = int.from_bytes(self.data[self.at : self.at + 2], "little")
        self.at += 2
        return value

    def align(self) -> None:
        self.at = self.at + 3 & ~3

    def text(self) -> str:
        end = self.data.find(b"\0\0", self.at)
        while end >= 0 and (end - self.at) % 2:
            end = self.data.find(b"\0\0", end + 1)
        if end < 0:
            end = max(self.at, len(self.data))
        raw = self.data[self.at : end]
        self.at = end + 2
        return escaped_lines(raw[: 2 * TEXT_MAX].decode("utf-16-le", "backslashreplace"))

    def text_or_number(self) -> str:
        if self.data[self.at : self.at + 2] != b"\xff\xff":
            return self.text()
        self.at += 2
        return f"#{self.word()}"


def read_dialog(data: bytes, step: Step) -> Dialog | None:
    """The dialog of a template; None where there is not as much as its first fields."""
    extended = data.startswith(_EX)
    form = _HEAD_EX if extended else _HEAD
    if len(data) < form.size:
        return None
    reader = _Reader(data)
    fields = reader.fields(form)
    style, declared = (fields[2], fields[3]) if extended else (fields[0], fields[2])
    menu, window_class, title = reader.text_or_number(), reader.text_or_number(), reader.text()
    font, points = "", 0
    if style & _SET_FONT:
        points = reader.word()
        reader.at += 4 if extended else 0  # weight, italic, character set
        font = reader.text()
    controls: list[Control] = []
    read = 0
    for _ in range(declared):
        step(1)
        reader.align()
        control = _control(reader, extended=extended)
        if reader.ended:
            break
        read += 1
        if read <= CONTROLS_TOLD:
            controls.append(control)
    return Dialog(extended, style, menu, window_class, title, font, points, declared, read, tuple(controls))


def _control(reader: _Reader, *, extended: bool) -> Control:
    fields = reader.fields(_ITEM_EX if extended else _ITEM)
    window_class, text = reader.text_or_number(), reader.text_or_number()
    creation_data = reader.word()  # bytes
    reader.at += creation_data
    if window_class.startswith("#"):
        window_class = _CLASSES.get(int(window_class[1:]), window_class)
    return Control(fields[-1], window_class, text)


def read_menu(data: bytes, step: Step) -> Menu | None:
    """The menu of a template of either form; None where it is of neither."""
    version, offset = struct.unpack_from("<HH", data.ljust(4, b"\0"))
    if len(data) < 4 or version > 1:
        return None
    reader = _Reader(data, 4 + offset)
    rows: list[MenuItem] = []
    items = 0
    opened: list[bool] = []  # for each menu within others: whether what opens it is the last of its own
    whole = False
    while not whole:
        step(1)
        number, popup, last, text = _item_ex(reader) if version else _item(reader)
        if reader.ended:
            break
        if items < ITEMS_TOLD:
            rows.append(MenuItem(number, len(opened), text))
        items += 1
        if popup:
            opened.append(last)
            continue
        while last and not whole:
            whole = not opened
            last = bool(opened) and opened.pop()
    return Menu(bool(version), items, whole, tuple(rows))


def count_accelerators(data: bytes) -> tuple[int, bool]:
    """How many accelerators there are, and whether the last one is marked as that."""
    for count, at in enumerate(range(0, len(data) - _ACCELERATOR_SIZE + 1, _ACCELERATOR_SIZE), 1):
        if data[at] & _END:
            return count, True
    return len(data) // _ACCELERATOR_SIZE, False


def _item(reader: _Reader) -> tuple[int, bool, bool, str]:
    flags = reader.word()
    popup = bool(flags & _POPUP)
    number = 0 if popup else reader.word()
    return number, popup, bool(flags & _END), reader.text()


def _item_ex(reader: _Reader) -> tuple[int, bool, bool, str]:
    reader.align()
    _, _, number, flags = reader.fields(_ITEM_MENU_EX)
    text = reader.text()
    popup = bool(flags & _POPUP_EX)
    if popup:
        reader.align()
        reader.at += 4  # help
    return number, popup, bool(flags & _END), text
