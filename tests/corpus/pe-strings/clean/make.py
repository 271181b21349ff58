"""Strings, both kinds of dialog, a menu in a menu, accelerators, messages in UTF-16 and in bytes."""

from tests.builders.pe_resources import (
    ACCELERATOR,
    DE_DE,
    DIALOG,
    MENU,
    MESSAGETABLE,
    STRING,
    Resource,
    bundle,
    dialog,
    image,
    menu,
    messages,
)


def build() -> bytes:
    controls: list[tuple[int, int | str, str]] = [
        (1, 0x80, "&OK"),
        (-1 & 0xFFFF, 0x82, "Really?"),
        (12, "SysListView32", ""),
    ]
    entries = [(0x10, 0, "&File"), (0, 100, "&Open…\tCtrl+O"), (0x80, 101, "E&xit"), (0x80, 102, "&Help")]
    return image(
        [
            Resource(STRING, 7, bundle({0: "first of bundle 7", 15: "last\nof it"})),
            Resource(STRING, 7, bundle({0: "erster von Bündel 7"}), DE_DE),
            Resource(DIALOG, 101, dialog("About", controls)),
            Resource(DIALOG, "OLD", dialog("About", controls, extended=False)),
            Resource(MENU, 1, menu(entries)),
            Resource(ACCELERATOR, 1, b"\x09\0O\0d\0\0\0\x89\0X\0e\0\0\0"),
            Resource(MESSAGETABLE, 1, messages({0x100: ["It works.", "It does not."], 0x4000_0001: ["%1 is gone."]})),
            Resource(MESSAGETABLE, 2, messages({1: ["caf\xe9"]}, unicode=False)),
        ]
    )
