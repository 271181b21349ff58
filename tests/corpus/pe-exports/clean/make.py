"""Names, a function without one, a forwarder, a name for a function that has one already, an unused ordinal."""

from tests.builders.pe_tables import Exports, exports, image_with


def build() -> bytes:
    functions = (0x1000, 0x1010, b"NTDLL.RtlAllocateHeap", 0, 0x1020)
    names = ((b"Alpha", 0), (b"Beta", 0), (b"HeapAlloc", 2), (b"alpha", 4))
    return image_with(exports(Exports(functions, names, base=7)), fields={"Characteristics": 0x2102})
