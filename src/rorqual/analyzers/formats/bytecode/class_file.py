"""The structure of a Java class file, as far as its end and its names need it.

https://docs.oracle.com/javase/specs/jvms/se21/html/jvms-4.html. Numbers are big-endian.
"""

import struct
from typing import NamedTuple

from rorqual.analyzers.formats.reader import Reader, told
from rorqual.sdk import View

HEAD = 10  # bytes before the constant pool
ROOMS_MOST = 64  # stretches told of one class
SEEN_MOST = 1 << 20  # bytes of attributes that are searched for references to constants
TEXT_MOST = 65_535
KEPT_MOST = 128  # bytes of a text that is kept in memory
UTF8, CLASS, STRING, NAME_AND_TYPE = 1, 7, 8, 12
WIDTHS = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
# What the indices of each entry must lead to; 0: not looked at here.
LEADS = {
    7: (UTF8,), 8: (UTF8,), 9: (CLASS, NAME_AND_TYPE), 10: (CLASS, NAME_AND_TYPE), 11: (CLASS, NAME_AND_TYPE),
    12: (UTF8, UTF8), 16: (UTF8,), 17: (0, NAME_AND_TYPE), 18: (0, NAME_AND_TYPE), 19: (UTF8,), 20: (UTF8,),
}  # fmt: skip
SKIPPED = {b"SourceDebugExtension"}  # defined, and read by no virtual machine
KNOWN = {
    b"ConstantValue", b"Code", b"StackMapTable", b"StackMap", b"Exceptions", b"InnerClasses", b"EnclosingMethod",
    b"Synthetic", b"Signature", b"SourceFile", b"LineNumberTable", b"LocalVariableTable", b"LocalVariableTypeTable",
    b"Deprecated", b"RuntimeVisibleAnnotations", b"RuntimeInvisibleAnnotations", b"RuntimeVisibleParameterAnnotations",
    b"RuntimeInvisibleParameterAnnotations", b"RuntimeVisibleTypeAnnotations", b"RuntimeInvisibleTypeAnnotations",
    b"AnnotationDefault", b"BootstrapMethods", b"MethodParameters", b"Module", b"ModulePackages", b"ModuleMainClass",
    b"NestHost", b"NestMembers", b"Record", b"PermittedSubclasses",
}  # fmt: skip


class Text(NamedTuple):
    """A UTF-8 constant: where its bytes are."""

    at: int
    size: int


class Spare(NamedTuple):
    """Bytes that no virtual machine looks at."""

    at: int
    size: int
    use: str


class Pool:
    """The constants, read from a view."""

    def __init__(self, reader: Reader, count: int) -> None:
        self._view = reader.view
        self.tags = bytearray(count)
        self.texts: dict[int, Text] = {}
        self.leads: dict[int, tuple[int, ...]] = {}
        self._kept: dict[int, bytes] = {}
        index = 1
        while index < count:
            tag = reader.byte()
            self.tags[index] = tag
            if tag == UTF8:
                size = reader.number(2)
                self.texts[index] = Text(reader.at, size)
                if size <= KEPT_MOST:
                    self._kept[index] = reader.take(size)
                else:
                    reader.skip(size)
            else:
                width = WIDTHS.get(tag)
                if width is None:
                    reader.check(False, f"a tag of a constant, found {tag}")
                    break
                if tag in LEADS:
                    raw = reader.take(width)
                    self.leads[index] = tuple(int.from_bytes(raw[at : at + 2], "big") for at in range(0, width, 2))
                else:
                    reader.skip(width)
                index += tag in (5, 6)  # these take two places
            index += 1
        reader.reach(reader.at)
        for index, led in self.leads.items():
            for wanted, to in zip(LEADS[self.tags[index]], led, strict=True):
                reader.check(not wanted or self.is_a(to, wanted), f"constant {index} to lead to one of tag {wanted}")

    def is_a(self, index: int, tag: int) -> bool:
        """Whether the constant has this tag."""
        return 0 < index < len(self.tags) and self.tags[index] == tag

    def raw(self, index: int, most: int = TEXT_MOST) -> bytes:
        """The bytes of a UTF-8 constant; none where it is no such."""
        text, kept = self.texts.get(index), self._kept.get(index)
        if kept is not None:
            return kept[:most]
        return b"" if text is None else self._view.read(text.at, min(text.size, most))

    def class_name(self, index: int, most: int) -> bytes:
        """The name of a class constant, with slashes."""
        return self.raw(self.leads[index][0], most) if self.is_a(index, CLASS) else b""


class Structure:
    """A class, walked to its end.

    Raises:
        Malformed: it is none.
        Cut: it goes on behind the end of the source.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        reader = self._reader = Reader(view, 4, big=True)
        self.minor, self.major = reader.number(2), reader.number(2)
        count = reader.number(2)
        reader.check(count > 1, "constants")
        self.pool = Pool(reader, count)
        self.spares: list[Spare] = []
        self._used: set[int] = {index for led in self.pool.leads.values() for index in led}
        self._names: dict[int, bytes] = {}
        self._searched = 0
        self.source: int | None = None  # the constant that names the source file
        self.main = False
        self.natives = 0
        self.access, self.this, self.parent, interfaces = (reader.number(2) for _ in range(4))
        reader.check(self.pool.is_a(self.this, CLASS), "a class constant for the class itself")
        reader.check(not self.parent or self.pool.is_a(self.parent, CLASS), "a class constant for the superclass")
        self.interfaces = [reader.number(2) for _ in range(interfaces)]
        reader.check(all(self.pool.is_a(index, CLASS) for index in self.interfaces), "classes for the interfaces")
        self.fields = self._members(methods=False)
        self.methods = self._members(methods=True)
        self._attributes(0)
        self.end = reader.at
        reader.reach(self.end)
        self._unused()

    def _members(self, *, methods: bool) -> int:
        reader, pool = self._reader, self.pool
        count = reader.number(2)
        for _ in range(count):
            flags, name, kind = reader.number(2), reader.number(2), reader.number(2)
            reader.check(pool.is_a(name, UTF8) and pool.is_a(kind, UTF8), "a member's name and descriptor")
            self._used |= {name, kind}
            if methods:
                self.natives += flags >> 8 & 1
                if flags & 9 == 9 and self._name(name) == b"main" and self._name(kind) == b"([Ljava/lang/String;)V":
                    self.main = True
            self._attributes(0)
        return count

    def _name(self, index: int) -> bytes:
        if index not in self._names:
            self._names[index] = self.pool.raw(index, 64)
        return self._names[index]

    def _attributes(self, depth: int) -> None:
        reader = self._reader
        for _ in range(reader.number(2)):
            index, size = reader.number(2), reader.number(4)
            reader.check(self.pool.is_a(index, UTF8), "an attribute's name")
            self._used.add(index)
            name, at = self._name(index), reader.at
            if name == b"Code" and depth == 0:
                self._code()
                reader.check(reader.at == at + size, "code that ends where its attribute does")
                continue
            if name in KNOWN:
                if name == b"SourceFile" and size == 2:
                    self.source = reader.number(2)
                    self._used.add(self.source)
                elif size and self._searched < SEEN_MOST:
                    self._search(reader.take(min(size, SEEN_MOST)))
            else:
                use = "metadata" if name in SKIPPED else "private"
                self._spare(at, size, use)
            reader.at = at + size
            reader.reach(reader.at)

    def _code(self) -> None:
        reader = self._reader
        old = (self.major, self.minor) < (45, 3)
        reader.skip(2 if old else 4)
        size = reader.number(2 if old else 4)
        reader.check(0 < size < 65_536, "code of 1 to 65,535 bytes")
        reader.skip(size)
        reader.skip(8 * reader.number(2))
        self._attributes(1)

    def _search(self, data: bytes) -> None:
        """Takes all that may be an index for one."""
        self._searched += len(data)
        for start in (0, 1):
            self._used.update(struct.unpack_from(f">{(len(data) - start) // 2}H", data, start))

    def _spare(self, at: int, size: int, use: str) -> None:
        if len(self.spares) < ROOMS_MOST and told(self.view, at, size):
            self.spares.append(Spare(at, size, use))

    def _unused(self) -> None:
        """Constants that nothing refers to. Where attributes are unknown, they may."""
        if self._searched >= SEEN_MOST:
            return
        for index, text in self.pool.texts.items():
            if index not in self._used:
                self._spare(text.at, text.size, "unused")
