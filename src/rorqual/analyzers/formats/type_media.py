"""Sound and moving pictures: RIFF, ISO base media, Ogg, Matroska, MPEG audio, video and transport streams,
FLAC, IFF …

Specifications: Microsoft RIFF, ISO/IEC 14496-12 and the registered brands (mp4ra.org), RFC 3533, RFC 8794
(EBML) and 9559, ISO/IEC 11172-3, 13818-1 and 13818-3, RFC 9639, EA IFF 85, ATSC A/52.
"""

from rorqual.analyzers.formats.type_head import HEAD, Check, Guess, Head

RIFF_FORMS = {
    b"WAVE": "wav", b"AVI ": "avi", b"WEBP": "webp", b"ACON": "ani", b"RMID": "rmid",
}  # fmt: skip
BRANDS = {
    b"heic": "heic", b"heix": "heic", b"heim": "heic", b"heis": "heic", b"hevc": "heic", b"hevx": "heic",
    b"mif1": "heif", b"msf1": "heif", b"avif": "avif", b"avis": "avif", b"jp2 ": "jp2", b"jpx ": "jpx",
    b"jxl ": "jxl",
    b"qt  ": "mov", b"M4A ": "m4a", b"M4B ": "m4a", b"M4P ": "m4a", b"3gp4": "3gp", b"3gp5": "3gp",
    b"3gp6": "3gp",
    b"3g2a": "3gp", b"crx ": "cr2",
}  # fmt: skip
OGG_CODECS = (
    (b"\x01vorbis", "vorbis"), (b"OpusHead", "opus"), (b"Speex   ", "speex"), (b"\x7fFLAC", "oggflac"),
    (b"\x80theora", "theora"),
)  # fmt: skip
ATOMS = (b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot")
SAMPLE_RATES = (44100, 48000, 32000)
BIT_RATES = (  # kbit/s by (version 1 layer I, II, III; version 2 layer I, II and III)
    (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
)


def riff(head: Head) -> Guess | None:
    """The form type, and a first chunk with a name."""
    form = head.read(8, 4)
    if head.data[:4] in (b"RF64", b"BW64"):
        return Guess("rf64", "fields") if form == b"WAVE" else None
    format = RIFF_FORMS.get(form)
    chunk = head.read(12, 4)
    if format is None:
        named = len(form) == 4 and form.isalnum() and len(chunk) == 4 and chunk.isascii() and head.le(4, 4) >= 4
        return Guess("riff", "fields" if named else "magic") if named or len(head.data) < 12 else None
    return Guess(format, "structure" if chunk.isascii() and head.le(4, 4) > 4 and len(chunk) == 4 else "fields")


def iff(head: Head) -> Guess | None:
    """FORM with AIFF or AIFC and a first chunk."""
    sound = head.read(8, 4) in (b"AIFF", b"AIFC")
    return Guess("aiff", "structure" if head.read(12, 4).isalnum() else "fields") if sound else None


def ftyp(head: Head) -> Guess | None:
    """The major brand, else the first compatible one that says more than "mp4"."""
    size = head.be(0, 4)
    if not 8 <= size <= 4096 or size % 4:
        return None
    box = head.read(8, size - 8)
    for at in (0, *range(8, len(box), 4)):
        format = BRANDS.get(box[at : at + 4])
        if format == "heif" and any(
            BRANDS.get(box[more : more + 4]) in ("heic", "avif") for more in range(8, len(box), 4)
        ):
            continue
        if format is not None and (at == 0 or format not in ("mov", "m4a", "3gp")):
            return Guess(format, "structure" if head.be(size, 4) >= 0 else "fields")
    return Guess("mp4", "structure" if head.be(size, 4) >= 0 else "fields")


def atom(head: Head) -> Guess | None:
    """QuickTime before ftyp: an atom of a known name that leads to another."""
    size = head.be(0, 4)
    following = head.read(size + 4, 4) if size >= 8 else head.read(12, 4)
    if head.read(4, 4) == b"moov" and head.read(12, 4) in (b"mvhd", b"cmov", b"rmra"):
        return Guess("mov", "structure")
    if following == b"ftyp":
        return Guess("mp4", "structure")
    return Guess("mov", "structure") if following in ATOMS else None


def ogg(head: Head) -> Guess | None:
    """Version 0, the first page of its stream, and the codec by its first packet."""
    if head.le(4, 1) not in (0, -1) or head.le(5, 1) > 7:
        return None
    segments = head.le(26, 1)
    packet = head.read(27 + segments, 8) if segments > 0 else b""
    for magic, format in OGG_CODECS:
        if packet.startswith(magic):
            return Guess(format, "structure")
    return Guess("ogg", "fields")


def ebml(head: Head) -> Guess | None:
    """The DocType among the first elements of the EBML header."""
    at, end = _vint(head, 4)
    end += at
    for _ in range(16):
        name = head.be(at, 2)
        start, size = _vint(head, at + (2 if name >> 12 == 4 else 1))
        if name < 0 or start < 0 or at >= end:
            break
        if name == 0x4282:
            kind = head.read(start, min(size, 16)).rstrip(b"\0")
            known = {b"matroska": "matroska", b"webm": "webm"}.get(kind)
            return Guess(known, "structure") if known else Guess("ebml", "fields" if kind.isalnum() else "magic")
        at = start + size
    return Guess("ebml", "magic")


def _vint(head: Head, at: int) -> tuple[int, int]:
    """(where the content begins, its size); -1 where there is none."""
    first = head.le(at, 1)
    if first <= 0:
        return -1, 0
    width = 9 - first.bit_length()
    value = head.be(at, width)
    return (at + width, value & (1 << 7 * width) - 1) if value >= 0 else (-1, 0)


def mpeg_audio(head: Head) -> Guess | None:
    """Three frames in a row of one version, layer and sample rate (or two and the end)."""
    return _frames(head, 0)


def _frames(head: Head, at: int) -> Guess | None:
    first, count = -1, 0
    for _ in range(4):
        word = head.be(at, 4)
        if word < 0:
            break
        size = _frame_size(word)
        if size == 0 or (first >= 0 and (word ^ first) & 0xFFFE0C00):
            return None
        first, count, at = word, count + 1, at + size
    if count < 2:
        return None
    return Guess("mp3" if first >> 17 & 3 == 1 else "mp2", "structure" if count > 2 else "fields")


def _frame_size(word: int) -> int:
    version, layer = word >> 19 & 3, 4 - (word >> 17 & 3)
    rate, sample = word >> 12 & 15, word >> 10 & 3
    if word >> 21 != 0x7FF or version == 1 or layer == 4 or rate in (0, 15) or sample == 3:
        return 0
    row = layer - 1 if version == 3 else 3 if layer == 1 else 4
    bits, hertz = (
        BIT_RATES[row][rate] * 1000,
        SAMPLE_RATES[sample] >> (0 if version == 3 else 1 if version == 2 else 2),
    )
    padding = word >> 9 & 1
    if layer == 1:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer == 3 and version != 3 else 144) * bits // hertz + padding


def id3(head: Head) -> Guess | None:
    """A syncsafe size; what stands behind the tag decides, and by default it is MP3."""
    size = head.read(6, 4)
    if head.le(3, 1) not in (2, 3, 4) or head.le(4, 1) == 255 or any(byte > 127 for byte in size):
        return None
    length = 0
    for byte in size:
        length = length << 7 | byte
    end = 10 + length + (10 if head.data[5:6] and head.data[5] & 0x10 else 0)
    if head.has(end, b"fLaC"):
        return Guess("flac", "structure")
    return _frames(head, end) or Guess("mp3", "fields")


def adts(head: Head) -> Guess | None:
    """Three ADTS frames in a row."""
    at = 0
    for _ in range(3):
        word, size = head.be(at, 2), head.be(at + 3, 3) >> 5 & 0x1FFF
        if word < 0 or word & 0xFFF6 != 0xFFF0 or size < 7 or head.le(at + 2, 1) >> 2 & 15 > 12:
            return None
        at += size
    return Guess("aac", "structure")


def ac3(head: Head) -> Guess | None:
    """A sample rate and a frame size code that exist."""
    code = head.le(4, 1)
    return Guess("ac3", "fields") if code >> 6 < 3 and 0 <= code & 63 < 38 and head.le(5, 1) >> 3 in (6, 8) else None


def transport(head: Head) -> Guess | None:
    """0x47 at every 188 bytes (or 192 with a time stamp before it), at least five times."""
    for start, step in ((0, 188), (4, 192)):
        places = range(start, min(len(head.data), HEAD), step)
        if len(places) >= 5 and all(head.data[at] == 0x47 for at in places):
            return Guess("mpegts", "structure")
    return None


def program(head: Head) -> Guess | None:
    """The pack header's marker bits, in either version of MPEG."""
    mark = head.le(4, 1)
    return Guess("mpegps", "fields") if mark & 0xF1 == 0x21 or mark & 0xC4 == 0x44 else None


def flac(head: Head) -> Guess | None:
    """STREAMINFO comes first and has 34 bytes."""
    return Guess("flac", "structure" if head.be(4, 4) & 0x7FFFFFFF == 34 else "magic")


def flv(head: Head) -> Guess | None:
    """Version 1, audio and video flags only, a header of 9 bytes."""
    return Guess("flv", "fields") if head.le(3, 1) == 1 and head.le(4, 1) & 0xFA == 0 and head.be(5, 4) == 9 else None


def midi(head: Head) -> Guess | None:
    """A header of 6 bytes and a format of the three."""
    return Guess("midi", "fields") if head.be(4, 4) == 6 and head.be(8, 2) in (0, 1, 2) else None


CHECKS: dict[str, Check] = {
    "riff": riff, "iff": iff, "ftyp": ftyp, "atom": atom, "ogg": ogg, "ebml": ebml, "mpeg_audio": mpeg_audio,
    "id3": id3, "adts": adts, "ac3": ac3, "transport": transport, "program": program, "flac": flac,
    "flv": flv,
    "midi": midi,
}  # fmt: skip
