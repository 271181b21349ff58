"""RPM packages: a lead of 96 bytes that nobody reads any more, a header of signatures, one on the package, a payload.

A header is an index of tags over a store of values, big-endian; the payload is a cpio archive, compressed as one says.
https://rpm-software-management.github.io/rpm/manual/format_v4.html. Signatures are not verified.

headers.py   tags, index and store
bodies.py    the records that findings carry
probe.py     the probe
"""
