"""Java class files: ca fe ba be, a version, constants, members and attributes. The magic is that of universal Mach-O
files too; these have a small number where a class has its version.

https://docs.oracle.com/javase/specs/jvms/se21/html/jvms-4.html. A class is proven by all its indices and lengths, up to
the end of its attributes. Bytecode is not read.
"""

from collections.abc import Iterator
from typing import ClassVar

from rorqual.analyzers.formats.bytecode import CLASS
from rorqual.analyzers.formats.bytecode.class_file import STRING, Pool, Structure
from rorqual.analyzers.formats.reader import Cut
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Extent, Hit, Room, Said, View, frozen

NAME_MOST = 512  # bytes of a name that are told
LIST_MOST = 32  # interfaces, calls, addresses
ACCESS = {
    0x0001: "public", 0x0010: "final", 0x0200: "interface", 0x0400: "abstract", 0x1000: "synthetic",
    0x2000: "annotation", 0x4000: "enum", 0x8000: "module",
}  # fmt: skip
TELLING = {  # classes that say what a program may do
    b"java/lang/Runtime", b"java/lang/ProcessBuilder", b"java/lang/ClassLoader", b"java/net/URLClassLoader",
    b"java/lang/reflect/Method", b"java/lang/invoke/MethodHandles$Lookup", b"sun/misc/Unsafe", b"java/net/Socket",
    b"java/net/ServerSocket", b"java/net/URL", b"java/net/HttpURLConnection", b"javax/crypto/Cipher",
    b"javax/script/ScriptEngineManager", b"java/io/ObjectInputStream", b"java/awt/Robot",
    b"javax/naming/InitialContext",
    b"java/lang/instrument/Instrumentation", b"com/sun/jna/Native", b"java/util/prefs/Preferences",
    b"java/rmi/Naming", b"dalvik/system/DexClassLoader",
}  # fmt: skip
ADDRESSES = (b"http://", b"https://", b"ftp://", b"ldap://", b"rmi://", b"jdbc:", b"tcp://")


@frozen
class JavaClass:
    """A class. The finding spans it to the end of its attributes."""

    tag: ClassVar[str] = "java_class"
    name: str
    parent: str | None
    version: str  # "52.0"
    java: str | None  # the release that writes this version first
    access: tuple[str, ...]
    interfaces: tuple[str, ...]  # the first 32
    source_file: str | None
    constants: int
    fields: int
    methods: int
    native_methods: int
    runnable: bool  # has a main method
    telling: tuple[str, ...]  # classes it names that say what it may do
    addresses: tuple[str, ...]  # strings that begin as URLs do


@frozen
class JavaClassCut:
    """A class whose end is missing; the finding spans the eight bytes of magic and version."""

    tag: ClassVar[str] = "java_class_cut"
    version: str
    missing_at: int  # where bytes are missing first, as an offset from the class's start


class JavaClassProbe:
    """Finds Java classes anywhere."""

    name = "class"
    version = 1
    wakes_on = CLASS

    def score(self, view: View, /) -> int:
        """The first constant has a tag there is."""
        head = view.read(8, 3)
        return int(len(head) == 3 and head[:2] > b"\0\1" and (head[2] in range(1, 21)))

    def examine(self, hit: Hit, /) -> Iterator[Said]:
        view = hit.view
        head = view.exact(4, 4)
        version = f"{int.from_bytes(head[2:], 'big')}.{int.from_bytes(head[:2], 'big')}"
        try:
            one = Structure(view)
        except Cut as cut:
            yield hit.finding(0, 8, JavaClassCut(version, cut.offset - hit.offset))
            return
        names = tuple(printable(one.pool.class_name(index, NAME_MOST)) for index in one.interfaces[:LIST_MOST])
        yield hit.finding(
            0,
            one.end,
            JavaClass(
                name=printable(one.pool.class_name(one.this, NAME_MOST)),
                parent=printable(one.pool.class_name(one.parent, NAME_MOST)) if one.parent else None,
                version=version,
                java=_release(one.major),
                access=tuple(name for bit, name in ACCESS.items() if one.access & bit),
                interfaces=names,
                source_file=printable(one.pool.raw(one.source, NAME_MOST)) if one.source is not None else None,
                constants=len(one.pool.tags) - 1,
                fields=one.fields,
                methods=one.methods,
                native_methods=one.natives,
                runnable=one.main,
                telling=_telling(one.pool),
                addresses=_addresses(one.pool),
            ),
        )
        yield Extent(0, one.end, "class", "constants lead to each other, members and attributes to the end")
        for spare in one.spares:
            yield hit.finding(spare.at, spare.size, Room("class", spare.use))


def _release(major: int) -> str | None:
    if major < 45:
        return None
    return {45: "1.1", 46: "1.2", 47: "1.3", 48: "1.4"}.get(major, str(major - 44))


def _telling(pool: Pool) -> tuple[str, ...]:
    names = {
        name for index, text in pool.texts.items() if 12 <= text.size <= 48 and (name := pool.raw(index)) in TELLING
    }
    return tuple(sorted(name.decode() for name in names))


def _addresses(pool: Pool) -> tuple[str, ...]:
    found = []
    for index, led in pool.leads.items():
        if pool.tags[index] == STRING and pool.raw(led[0], 8).startswith(ADDRESSES):
            found.append(printable(pool.raw(led[0], NAME_MOST)))
            if len(found) == LIST_MOST:
                break
    return tuple(found)
