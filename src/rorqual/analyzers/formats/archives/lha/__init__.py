"""LHA (LZH): headers of four levels, each followed by its member's data; a zero byte ends the archive.

"-lh5-" and its like, two bytes into each header, name the method. Levels 0 and 1 have a sum over the header, 2 and 3 a
CRC-16 where the writer gave one. https://github.com/jca02266/lha/blob/master/header.doc.md. Methods 0 and 4 to 7 are
decoded; those with adaptive trees (1 to 3), LArc's own and PMarc's are not.

headers.py    the four levels
huffman.py    methods 4 to 7
probe.py      the probe
"""
