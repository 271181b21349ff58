"""ZIP: members behind local headers, then a central directory that lists them, then an end record with a comment.

Readers find the end record from the end of the file, so that anything may stand before the archive. The directory's
offsets count from the start of the file or from that of the archive; both are met.

https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, https://www.winzip.com/en/support/aes-encryption/ and
https://source.android.com/docs/security/features/apksigning/v2 for the block between members and directory.
Split archives but for their last part and PKWARE's strong encryption are not handled: what they hold stays closed.

records.py     the structures, as stored
ends.py        the end record, ZIP64 and where the directory is
bodies.py      the records that findings carry
members.py     an entry of the directory and its local header, held against each other
contents.py    members as children; what overlaps, what is hidden between
flavours.py    what is built on ZIP, by its names
codecs.py, deflate64.py, ciphers.py, aes.py   how members are decoded
archive.py     one archive, from its end record
probe.py       the probe
recovery.py    what is left of an archive whose end is missing
"""
