"""Executables filled up to outgrow scanners (ATT&CK T1027.001): what the filler is, and the file without it.

bodies.py   the records that findings carry
borders.py  where filler begins and ends, to the byte
places.py   the parts of an image that filler may lie in, and whether something explains bytes that look drawn
payloads.py the formats that do
streams.py  the compressed ones among them
core.py     the image without filler: which bytes are kept, which header fields change
probe.py    the probe, woken by what the fold `filler` has spotted
"""
