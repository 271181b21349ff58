"""Programs for virtual machines."""

from rorqual.analyzers.later import Later
from rorqual.sdk import Analyzer, Anchor

ARSC = (Anchor(rb"\x02\x00\x0c\x00[\x00-\xff]{4}[\x00-\xff]\x00\x00\x00\x01\x00\x1c\x00"),)
AXML = (Anchor(rb"\x03\x00\x08\x00[\x00-\xff]{4}\x01\x00\x1c\x00"),)
CLASS = (Anchor(rb"\xca\xfe\xba\xbe[\x00-\xff]{2}\x00[\x2d-\x60]"),)  # versions 45 to 96; universal files have below 33
DEX = (Anchor(rb"dex\n0[0-9]{2}\x00"),)
ODEX = (Anchor(rb"dey\n0[0-9]{2}\x00"), Anchor(rb"vdex0[0-9]{2}\x00"))
GAMEBOY = (  # the first half of the logo that the console compares
    Anchor(
        rb"\xce\xed\x66\x66\xcc\x0d\x00\x0b\x03\x73\x00\x83\x00\x0c\x00\x0d\x00\x08\x11\x1f\x88\x89\x00\x0e", back=0x104
    ),
)
GBA = (Anchor(rb"\x24\xff\xae\x51\x69\x9a\xa2\x21\x3d\x84\x82\x0a\x84\xe4\x09\xad", back=4),)
LUA = (Anchor(rb"\x1bLua[\x51-\x54]\x00"),)
LUAJIT = (Anchor(rb"\x1bLJ[\x01\x02][\x00-\x0f]"),)
MEGADRIVE = (Anchor(rb"SEGA MEGA DRIVE", back=0x100), Anchor(rb"SEGA GENESIS", back=0x100))
NES = (Anchor(rb"NES\x1a"),)
PYC = (  # with the type of a code object and its first number, of arguments: a module has none
    Anchor(rb"[\x00-\xff][\x0d-\x0f]\r\n[\x00-\x03]\x00\x00\x00[\x00-\xff]{8}[\x63\xe3]\x00\x00\x00\x00"),
    Anchor(rb"[\x00-\xff][\x0c\x0d]\r\n[\x00-\xff]{8}[\x63\xe3]\x00\x00\x00\x00"),
    Anchor(rb"[\x00-\xff][\x0b\x0c\xf2\xf3]\r\n[\x00-\xff]{4}[\x63\xe3]\x00\x00\x00\x00"),
)
SWF = (
    Anchor(rb"FWS[\x01-\x40][\x00-\xff]{3}[\x00-\x0f]"),
    Anchor(
        rb"CWS[\x01-\x40][\x00-\xff]{4}[\x08-\x78][\x01\x5e\x9c\xda\x1d\x5b\x99\xd7\x19\x57\x95\xd3\x15\x53\x91\xcf]"
    ),
    Anchor(rb"ZWS[\x01-\x40][\x00-\xff]{8}[\x00-\xe0][\x00-\xff]{3}[\x00-\x0f]"),
)
WASM = (Anchor(rb"\x00asm\x01\x00\x00\x00"), Anchor(rb"\x00asm[\x0a-\x20]\x00\x01\x00"))


def probes() -> tuple[Analyzer, ...]:
    """The probes, each loaded when something first wakes it."""
    return (
        Later("arsc", "formats.bytecode.android:AndroidResourcesProbe", *ARSC),
        Later("axml", "formats.bytecode.android:AndroidXMLProbe", *AXML),
        Later("class", "formats.bytecode.java:JavaClassProbe", *CLASS),
        Later("dex", "formats.bytecode.dex:Dex", *DEX),
        Later("gb", "formats.bytecode.consoles:GameBoy", *GAMEBOY),
        Later("gba", "formats.bytecode.consoles:GameBoyAdvance", *GBA),
        Later("luac", "formats.bytecode.lua:Lua", *LUA),
        Later("luajit", "formats.bytecode.luajit:LuaJIT", *LUAJIT),
        Later("megadrive", "formats.bytecode.consoles:MegaDrive", *MEGADRIVE),
        Later("nes", "formats.bytecode.nes:NESProbe", *NES),
        Later("odex", "formats.bytecode.odex:Odex", *ODEX),
        Later("pyc", "formats.bytecode.pyc:Pyc", *PYC),
        Later("swf", "formats.bytecode.swf:Flash", *SWF),
        Later("wasm", "formats.bytecode.wasm:Wasm", *WASM),
    )
