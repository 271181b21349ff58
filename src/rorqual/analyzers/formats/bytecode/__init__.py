"""Programs for virtual machines."""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor

CLASS = (Anchor(rb"\xca\xfe\xba\xbe[\x00-\xff]{2}\x00[\x2d-\x60]"),)  # versions 45 to 96; universal files have below 33
DEX = (Anchor(rb"dex\n0[0-9]{2}\x00"),)
ODEX = (Anchor(rb"dey\n0[0-9]{2}\x00"), Anchor(rb"vdex0[0-9]{2}\x00"))
LUA = (Anchor(rb"\x1bLua[\x51-\x54]\x00"),)
LUAJIT = (Anchor(rb"\x1bLJ[\x01\x02][\x00-\x0f]"),)
PYC = (  # with the type of a code object and its first number, of arguments: a module has none
    Anchor(rb"[\x00-\xff][\x0d-\x0f]\r\n[\x00-\x03]\x00\x00\x00[\x00-\xff]{8}[\x63\xe3]\x00\x00\x00\x00"),
    Anchor(rb"[\x00-\xff][\x0c\x0d]\r\n[\x00-\xff]{8}[\x63\xe3]\x00\x00\x00\x00"),
    Anchor(rb"[\x00-\xff][\x0b\x0c\xf2\xf3]\r\n[\x00-\xff]{4}[\x63\xe3]\x00\x00\x00\x00"),
)
WASM = (Anchor(rb"\x00asm\x01\x00\x00\x00"), Anchor(rb"\x00asm[\x0a-\x20]\x00\x01\x00"))


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("class", "formats.bytecode.java:JavaClassProbe", *CLASS),
        Later("dex", "formats.bytecode.dex:Dex", *DEX),
        Later("luac", "formats.bytecode.lua:Lua", *LUA),
        Later("luajit", "formats.bytecode.luajit:LuaJIT", *LUAJIT),
        Later("odex", "formats.bytecode.odex:Odex", *ODEX),
        Later("pyc", "formats.bytecode.pyc:Pyc", *PYC),
        Later("wasm", "formats.bytecode.wasm:Wasm", *WASM),
    )
