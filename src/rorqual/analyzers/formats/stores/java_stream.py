"""The grammar of Java's serialization streams, walked to where the contents end.

https://docs.oracle.com/en/java/javase/21/docs/specs/serialization/protocol.html, section 6.4.
"""

from dataclasses import dataclass

from rorqual.analyzers.formats.reader import Reader
from rorqual.analyzers.formats.strings import printable
from rorqual.sdk import Malformed, View

NULL, REFERENCE, CLASS_DESCRIPTION, OBJECT, STRING, ARRAY, CLASS, BLOCK, END_BLOCK, RESET, LONG_BLOCK, EXCEPTION = (
    range(0x70, 0x7C)
)
LONG_STRING, PROXY, ENUM = 0x7C, 0x7D, 0x7E
WRITES, SERIALIZABLE, EXTERNALIZABLE, BLOCKS = 1, 2, 4, 8
FIRST_HANDLE = 0x7E0000
CONTENTS_MOST = 1 << 20
DEPTH_MOST = 200
PARENTS_MOST = 64
WIDTHS = {"B": 1, "C": 2, "D": 8, "F": 4, "I": 4, "J": 8, "S": 2, "Z": 1}
CLASSES_TOLD = 128
NAME_MOST = 512


@dataclass(eq=False, slots=True)
class Description:
    """A class as a stream describes it."""

    name: str
    flags: int
    fields: list[str]  # the first letter of each one's type
    parent: "Description | None"


class Stream:
    """Contents, up to where no more can follow: `end`.

    Raises:
        Malformed: not even one is whole.
    """

    def __init__(self, view: View, *, most: int = CONTENTS_MOST) -> None:
        self._reader = Reader(view, 4, big=True)
        self._handles: dict[int, Description | None] = {}
        self._next = FIRST_HANDLE
        self.classes: list[str] = []
        self.contents = 0
        self.end = 4
        self.cut: Malformed | None = None
        while self.contents < most and (lead := self._reader.peek(1)):
            try:
                self._content(0)
            except Malformed as error:
                self.cut = error
                break
            self.contents += 1
            if lead[0] != NULL or self.contents == 1 or not self._reader.peek(1):  # a "p" may be anything
                self.end = self._reader.at

    def _handle(self, what: Description | None = None) -> int:
        self._handles[self._next] = what
        self._next += 1
        return self._next - 1

    def _content(self, depth: int) -> int:
        """Passes over one content and gives its tag."""
        reader = self._reader
        reader.check(depth < DEPTH_MOST, f"at most {DEPTH_MOST} objects in each other")
        tag = reader.byte()
        if tag == REFERENCE:
            reader.check(reader.number(4) in self._handles, "a handle that was given out")
        elif tag == OBJECT:
            described = self._described(depth)
            self._handle()
            self._data(described, depth)
        elif tag in (CLASS_DESCRIPTION, PROXY):
            self._description(tag, depth)
        elif tag in (STRING, LONG_STRING):
            self._handle()
            reader.skip(reader.number(2 if tag == STRING else 8))
            reader.reach(reader.at)
        elif tag == ARRAY:
            described = self._described(depth)
            self._handle()
            reader.check(described is not None and described.name.startswith("["), "the class of an array")
            assert described is not None
            self._array(described.name[1:2], reader.number(4), depth)
        elif tag == CLASS:
            self._described(depth)
            self._handle()
        elif tag == ENUM:
            self._described(depth)
            self._handle()
            self._text(depth)
        elif tag in (BLOCK, LONG_BLOCK):
            reader.skip(reader.number(1 if tag == BLOCK else 4))
            reader.reach(reader.at)
        elif tag == RESET:
            self._handles.clear()
            self._next = FIRST_HANDLE
        elif tag == EXCEPTION:
            self._content(depth + 1)
        else:
            reader.check(tag == NULL or (tag == END_BLOCK and depth > 0), f"a content, found {tag:#x}")
        return tag

    def _array(self, kind: str, count: int, depth: int) -> None:
        reader = self._reader
        if kind in WIDTHS:
            reader.skip(count * WIDTHS[kind])
            reader.reach(reader.at)
            return
        for _ in range(count):
            reader.check(self._content(depth + 1) != END_BLOCK, "an element of an array")

    def _text(self, depth: int) -> None:
        reader = self._reader
        reader.check(reader.peek(1) in (b"\x74", b"\x71", b"\x7c"), "a string")
        self._content(depth + 1)

    def _described(self, depth: int) -> Description | None:
        """A class description, or what stands for one."""
        reader = self._reader
        reader.check(depth < DEPTH_MOST, f"at most {DEPTH_MOST} classes in each other")
        tag = reader.byte()
        if tag == NULL:
            return None
        if tag == REFERENCE:
            number = reader.number(4)
            reader.check(self._handles.get(number) is not None, "the handle of a class")
            return self._handles[number]
        reader.check(tag in (CLASS_DESCRIPTION, PROXY), f"a class, found {tag:#x}")
        return self._description(tag, depth)

    def _description(self, tag: int, depth: int) -> Description:
        reader = self._reader
        found = Description("", SERIALIZABLE, [], None)
        if tag == PROXY:
            found.name = "proxy"
            self._handle(found)
            for _ in range(reader.number(4)):
                self._told(printable(reader.take(reader.number(2))))
        else:
            found.name = printable(reader.take(reader.number(2)))
            self._told(found.name)
            reader.skip(8)
            self._handle(found)
            found.flags = reader.byte()
            for _ in range(reader.number(2)):
                kind = chr(reader.byte())
                reader.check(kind in WIDTHS or kind in "L[", "a type of a field")
                reader.skip(reader.number(2))
                if kind in "L[":
                    self._text(depth)
                found.fields.append(kind)
        while self._content(depth + 1) != END_BLOCK:
            pass
        found.parent = self._described(depth + 1)
        return found

    def _told(self, name: str) -> None:
        if len(self.classes) < CLASSES_TOLD and name not in self.classes:
            self.classes.append(name[:NAME_MOST])

    def _data(self, described: Description | None, depth: int) -> None:
        """What an object consists of, from its outermost parent on."""
        reader, line = self._reader, list[Description]()
        while described is not None:
            reader.check(len(line) < PARENTS_MOST, f"at most {PARENTS_MOST} parents")
            line.append(described)
            described = described.parent
        for one in reversed(line):
            if one.flags & SERIALIZABLE:
                for kind in one.fields:
                    if kind in WIDTHS:
                        reader.take(WIDTHS[kind])
                    else:
                        reader.check(self._content(depth + 1) != END_BLOCK, "a field's value")
            reader.check(not one.flags & EXTERNALIZABLE or bool(one.flags & BLOCKS), "data that tells its end")
            if one.flags & WRITES or one.flags & EXTERNALIZABLE:
                while self._content(depth + 1) != END_BLOCK:
                    pass
