"""A linker's table with names of source files, 300 of them, and what is undefined."""

from tests.builders.elf import REL, STRTAB, SYMTAB, Symbol, Table, file_header, section, symbol


def build() -> bytes:
    strings = Table()
    symbols = [symbol(Symbol(b"", info=0), 0)]
    for number in range(300):
        symbols.append(symbol(Symbol(b"", info=4, shndx=0xFFF1), strings.add(b"source%d.c" % number)))
    symbols += [symbol(Symbol(b"", info=0x10), strings.add(b"undefined")) for _ in range(2)]
    table, names = b"".join(symbols), b"\0.symtab\0.strtab\0.shstrtab\0"
    at = 64
    rows = [
        (0,) * 10,
        (1, SYMTAB, 0, 0, at, len(table), 2, 301, 8, 24),
        (9, STRTAB, 0, 0, at + len(table), len(strings.data), 0, 0, 1, 0),
        (17, STRTAB, 0, 0, at + len(table) + len(strings.data), len(names), 0, 0, 1, 0),
    ]
    body = table + strings.data + names
    body += bytes(-len(body) % 8)
    fields = {"e_type": REL, "e_phentsize": 0, "e_shoff": 64 + len(body), "e_shnum": 4, "e_shstrndx": 3}
    return file_header(fields) + body + b"".join(map(section, rows))
