"""What the bytes of a bin look like, read off their counts by thresholds measured on real files.

Counts cannot tell: LZMA from encryption (both are random here), code of machines other than x86 (data),
UTF-16 text beyond Latin (data), LZ4 and other compression without an entropy coder (data).
"""

from collections.abc import Iterator
from itertools import accumulate, groupby, repeat
from operator import itemgetter

from rorqual.sdk import Histogram, Measure, measure

ZERO, CONSTANT, PERIODIC, TEXT, CODE, COMPRESSED, RANDOM, DATA = "0=~txcr."
LEGEND = (
    (ZERO, "zero"),
    (CONSTANT, "constant"),
    (PERIODIC, "periodic"),
    (TEXT, "text"),
    (CODE, "code-like"),
    (COMPRESSED, "compressed"),
    (RANDOM, "random"),
    (DATA, "data"),
)

PERIODIC_SHARE = 0.9  # leaves room for the ends of the runs, and no doubt what the bin is

# Uniform bytes give a chi-square of 255 with a deviation of sqrt(2 * 255) = 22.6. Five deviations: one bin in
# a million of truly random ones passes that.
UNIFORM = 255 + 5 * 22.6
# Deflate, Brotli and Zstandard exceed 255 by 0.004 (of English) to 0.05 a byte: 64 KiB show that beyond five
# deviations, half of it may not, and so fewer bytes are never called random.
TELLING = 1 << 16
APART = 1 << 18  # beside bytes of high entropy that are not uniform it takes more to be another matter
# (chi-square - 255) / size estimates how far the bytes are from uniform whatever the size of the bin.
# Deflate, Zstandard, bzip2 and JPEG stay below 1 (7.4 bits of entropy), tensors of floats and LZ4 begin
# there, machine code at 4.
COMPRESSED_EXCESS = 1.0
FEWEST = 64  # bytes in a last, short bin: any few are different from each other

CONTROL_SHARE = 0.005  # text has them by accident; random bytes have 0.1, tables and code 0.03 and more
NUL_SHARE = 0.05  # tables of NUL-terminated names still read as text
HIGH_SHARE = 0.15  # of 8-bit encodings of Latin scripts: the most accented languages have 0.1
UTF16_BALANCE = 0.02  # Latin UTF-16 has as many zeros as characters, but for some punctuation
UTF8_SLACK = 6  # bytes of characters cut by the bin's two ends

# Opcodes, prefixes and ModRM bytes that x86 and x86-64 compilers emit most. Their share is 0.26 to 0.40 in
# code of MSVC, GCC and LLVM, 0.07 in random bytes, at most 0.13 in text and data. One byte counts for a tenth
# at most, as 0x48 does in code: a column of a table is one byte.
x86 = itemgetter(0x0F, 0x24, 0x41, 0x44, 0x48, 0x4C, 0x74, 0x75, 0x83, 0x85, 0x89, 0x8B, 0x8D, 0xC0, 0xCC, 0xE8, 0xFF)
X86_SHARE = 0.2
CODE_EXCESS = 4.0  # below it the same bytes come from LZ4, which leaves literals of code standing
CODE_ZERO = 0.3  # displacements and immediates give 0.03 to 0.21 of zeros, tables of pointers more


def classes(bins: list[Measure], histograms: list[Histogram], padded: list[int]) -> Iterator[str]:
    """A letter for each bin.

    Neighbours of high entropy are judged together, since one bin alone may be too small to tell.
    """
    letters = list(map(letter, bins, padded))
    sums = list(accumulate(histograms, initial=0))
    start = 0
    for high, group in groupby(letters, key=COMPRESSED.__eq__):
        end = start + len(list(group))
        for stretch in (uniform(sums, start, end) or ()) if high else ():
            if stretch == slice(start, end) or sum(one.size for one in bins[stretch]) >= APART:
                letters[stretch] = RANDOM * (stretch.stop - stretch.start)
        start = end
    return iter(letters)


def uniform(sums: list[Histogram], start: int, end: int) -> list[slice] | None:
    """The stretches of bins `start` to `end` that are as random ones would be; None of too few bytes to tell.

    `sums` are the histograms of all bins before each. A stretch must pass as a whole, and so must its halves,
    in which what the other half dilutes stands out.
    """
    whole = measure(sums[end] - sums[start])
    if whole.size < TELLING:
        return None
    middle = (start + end) // 2
    halves = ((start, middle), (middle, end)) if end - start > 1 else ()
    told = [(slice(*half), uniform(sums, *half)) for half in halves]
    if whole.chi_square <= UNIFORM and all(found is None or found == [half] for half, found in told):
        return [slice(start, end)]
    return [stretch for _, found in told for stretch in found or ()]


def letter(one: Measure, padded: int) -> str:
    """The class of one bin on its own; what is of high entropy is called compressed here."""
    counts, size = one.counts, one.size
    if counts[0] == size:
        return ZERO
    if one.entropy == 0:
        return CONSTANT
    if padded >= PERIODIC_SHARE * size:
        return PERIODIC
    if is_text(one):
        return TEXT
    excess = (one.chi_square - 255) / size
    if excess <= COMPRESSED_EXCESS and size >= FEWEST:
        return COMPRESSED
    if (
        excess >= CODE_EXCESS
        and one.zero <= CODE_ZERO
        and sum(map(min, x86(counts), repeat(size // 10))) >= X86_SHARE * size
    ):
        return CODE
    return DATA


def is_text(one: Measure) -> bool:
    """ASCII, an 8-bit encoding of a Latin script, UTF-8 of any script, or UTF-16 of a Latin one."""
    counts, size = one.counts, one.size
    # ESC (27) stays out: logs of terminals have it.
    controls = sum(counts[1:9]) + sum(counts[14:27]) + sum(counts[28:32]) + counts[127]
    if controls > CONTROL_SHARE * size:
        return False
    high = sum(counts[128:])
    if one.zero > NUL_SHARE:
        return abs(one.printable - one.zero) <= UTF16_BALANCE and high <= UTF16_BALANCE * size
    if high <= HIGH_SHARE * size:
        return True
    leads = sum(counts[0xC2:0xE0]) + 2 * sum(counts[0xE0:0xF0]) + 3 * sum(counts[0xF0:0xF5])
    foreign = counts[0xC0] + counts[0xC1] + sum(counts[0xF5:])
    return not foreign and abs(leads - sum(counts[0x80:0xC0])) <= UTF8_SLACK
