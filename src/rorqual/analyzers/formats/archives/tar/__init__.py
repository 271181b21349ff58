"""tar: members in blocks of 512 bytes, each a header with a checksum and its data; two blocks of zeros end it.

Numbers are octal text, or binary where that is too short. Versions: V7 (no magic), ustar (POSIX.1-1988), GNU, pax
(POSIX.1-2001) and star. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06,
https://www.gnu.org/software/tar/manual/html_node/Standard.html. Sparse members are handed on as they are stored;
parts of volumes are not put together.

headers.py   a header, and what leads to the next
pax.py       extended headers
bodies.py    the records that findings carry
archive.py   one archive, from its first header to its end
oddities.py  what is odd about a member
probe.py     the probe
"""
