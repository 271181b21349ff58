"""cpio: headers with names, each followed by its data, until a member called "TRAILER!!!"; zeros fill the last block.

Four forms of header: binary (16-bit words in either order), octal text ("070707"), hexadecimal text ("070701"), and
that with a sum over the data ("070702"). https://manpages.debian.org/libarchive-dev/cpio.5 has them all.

headers.py   the four headers
bodies.py    the records that findings carry
probe.py     the probe
"""
