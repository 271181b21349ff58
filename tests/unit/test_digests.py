"""The digests of blocks equal hashlib's, whatever the cut and whoever is fed along."""

import hashlib
from functools import partial
from itertools import chain, combinations
from struct import Struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rorqual
from rorqual import kernels
from rorqual.analyzers.folds.block_digests import BlockDigestFold
from rorqual.analyzers.folds.digests import ALWAYS, DigestFold
from rorqual.digests import BLOCK, CHAINS, BlockDigest, advance, new
from rorqual.engine.plan import installed
from rorqual.sdk import Digest, Window
from tests.cases import body

fused = pytest.mark.skipif(not kernels.FUSED, reason="the kernel is not built, or not for this processor")

SETS = tuple(chain.from_iterable(combinations(CHAINS, count) for count in (1, 2, 3)))
VECTORS = {  # RFC 1321, A.5; FIPS 180-2, A and B; the million is of all three
    "md5": {
        b"": "d41d8cd98f00b204e9800998ecf8427e",
        b"a": "0cc175b9c0f1b6a831c399e269772661",
        b"abc": "900150983cd24fb0d6963f7d28e17f72",
        b"message digest": "f96b697d7cb7938d525a2f31aaf161d0",
        b"1234567890" * 8: "57edf4a22be3c955ac49da2e2107b67a",
        b"a" * 1_000_000: "7707d6ae4e027c70eea2a935c2296f21",
    },
    "sha1": {
        b"": "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        b"abc": "a9993e364706816aba3e25717850c26c9cd0d89d",
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": "84983e441c3bd26ebaae4aa1f95129e5e54670f1",
        b"a" * 1_000_000: "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
    },
    "sha256": {
        b"": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        b"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        b"a" * 1_000_000: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    },
}

algorithms = st.sampled_from(SETS)
datas = st.one_of(
    st.binary(max_size=400),
    st.builds(lambda unit, size: (unit * size)[:size], st.binary(min_size=1, max_size=70), st.integers(0, 3000)),
)


def by_hashlib(algorithm: str, data: bytes | memoryview) -> str:
    return hashlib.new(algorithm, data, usedforsecurity=False).hexdigest()


parts = st.tuples(st.sampled_from(list(CHAINS)), st.integers(0, 60), st.integers(0, 60), st.integers(0, BLOCK - 1))


@fused
@given(st.binary(min_size=BLOCK, max_size=BLOCK), st.lists(parts, max_size=12))
def test_the_kernel_makes_what_hashlib_makes(unit: bytes, chosen: list[tuple[str, int, int, int]]) -> None:
    data = memoryview(b"".join(bytes([number]) + unit for number in range(66)))
    asked = [(name, data[shift:][BLOCK * min(two) : BLOCK * max(two)]) for name, *two, shift in chosen]
    states = [CHAINS[name].state() for name, _ in asked]
    kernels.digest_blocks([(state, mine) for state, (_, mine) in zip(states, asked, strict=True)])
    kernels.digest_blocks(
        [(state, CHAINS[name].padding(len(mine))) for state, (name, mine) in zip(states, asked, strict=True)]
    )
    values = [CHAINS[name].value(state) for state, (name, _) in zip(states, asked, strict=True)]
    assert values == [by_hashlib(name, mine) for name, mine in asked]


@fused
def test_states_of_any_place_in_memory() -> None:
    room = bytearray(100)
    state = memoryview(room)[3:35]
    state[:] = CHAINS["sha256"].state()
    kernels.digest_blocks([(state, CHAINS["sha256"].padding(0))])  # type: ignore[list-item]  # any writable buffer will do
    assert CHAINS["sha256"].value(bytearray(state)) == by_hashlib("sha256", b"")
    assert room[:3] + room[35:] == bytes(68)


@fused
def test_nothing_is_no_step() -> None:
    states = [one.state() for one in CHAINS.values()]
    kernels.digest_blocks([(state, b"") for state in states])
    assert states == [one.state() for one in CHAINS.values()]
    kernels.digest_blocks([])


@fused
@pytest.mark.parametrize(
    ("error", "part"),
    [
        (ValueError, (bytearray(16), bytes(63))),
        (ValueError, (bytearray(15), bytes(64))),
        (ValueError, (bytearray(33), bytes(64))),
        (TypeError, (bytes(16), bytes(64))),
        (TypeError, (memoryview(bytearray(32))[::2], bytes(64))),
        (BufferError, (bytearray(16), memoryview(bytes(128))[::2])),
        (TypeError, (16, bytes(64))),
        (TypeError, (bytearray(16), "text" * 16)),
        (TypeError, (bytearray(16),)),
        (TypeError, None),
    ],
)
def test_what_is_no_block_or_no_state_is_refused_and_changes_nothing(error: type[Exception], part: Any) -> None:
    state = CHAINS["md5"].state()
    with pytest.raises(error):
        kernels.digest_blocks([(state, bytes(64)), part])
    assert state == CHAINS["md5"].state()


@fused
def test_a_flood_of_parts_takes_no_longer_than_its_bytes() -> None:
    digests = [BlockDigest(name) for name in ("sha256", "md5") for _ in range(50_000)]
    advance([(one, bytes(64)) for one in digests])
    assert {one.hexdigest() for one in digests} == {by_hashlib("sha256", bytes(64)), by_hashlib("md5", bytes(64))}


@given(st.integers(0, 1 << 61))
def test_padding_fills_the_last_block(size: int) -> None:
    for one in CHAINS.values():
        padding = one.padding(size)
        assert (size + len(padding)) % BLOCK == 0
        assert 9 <= len(padding) < 9 + BLOCK
        assert padding[:-8] == b"\x80" + bytes(len(padding) - 9)
        assert int.from_bytes(padding[-8:], one.order) == (8 * size) % (1 << 64)


def test_padding_of_more_than_32_bits() -> None:
    assert CHAINS["md5"].padding((5 << 32) + 55) == b"\x80" + bytes.fromhex("b801000028000000")
    assert CHAINS["sha1"].padding((5 << 32) + 55) == b"\x80" + bytes.fromhex("00000028000001b8")
    assert CHAINS["sha256"].padding((5 << 32) + 55) == b"\x80" + bytes.fromhex("00000028000001b8")


def test_a_state_is_in_the_machines_order() -> None:
    assert Struct("=4I").unpack(CHAINS["md5"].state()) == CHAINS["md5"].start
    assert CHAINS["md5"].value(CHAINS["md5"].state()) == "0123456789abcdeffedcba9876543210"
    assert CHAINS["sha1"].value(CHAINS["sha1"].state())[:16] == "67452301efcdab89"


@fused
@pytest.mark.parametrize("algorithm", CHAINS)
def test_published_values(algorithm: str) -> None:
    for data, digest in VECTORS[algorithm].items():
        fold = BlockDigestFold(algorithm)
        fold.feed(Window(0, data))
        (finding,) = fold.finish(())
        assert finding.body == Digest(algorithm, digest)


@fused
@given(datas, st.lists(st.integers(0, 3000), max_size=12), algorithms, st.integers(0, 200))
def test_any_pieces_side_by_side(data: bytes, cuts: list[int], names: tuple[str, ...], later: int) -> None:
    digests = [BlockDigest(name) for name in names]
    part, start_of_part = BlockDigest("sha256"), min(later, len(data))
    borders = sorted([0, len(data), *(min(cut, len(data)) for cut in cuts)])
    for start, end in zip(borders, borders[1:], strict=False):
        piece = memoryview(data)[start:end]
        rest = piece[max(0, start_of_part - start) :]
        advance([*((digest, piece) for digest in digests), (part, rest)])
        assert [digest.hexdigest() for digest in digests] == [by_hashlib(name, data[:end]) for name in names]
        assert part.hexdigest() == by_hashlib("sha256", data[start_of_part:end])


@fused
@pytest.mark.parametrize("step", [1, 63, 64, 65])
def test_narrow_pieces_alone_and_side_by_side(step: int) -> None:
    data = bytes(range(256)) * 2
    alone, joint = BlockDigest("md5"), [BlockDigest(name) for name in CHAINS]
    for start in range(0, len(data), step):
        alone.update(data[start : start + step])
        advance([(one, data[start : start + step]) for one in joint])
    assert alone.hexdigest() == by_hashlib("md5", data)
    assert [one.hexdigest() for one in joint] == [by_hashlib(name, data) for name in CHAINS]


@pytest.mark.parametrize("algorithm", [*CHAINS, "sha512"])
def test_a_new_one_has_hashlibs_manners(algorithm: str) -> None:
    hasher = new(algorithm)
    hasher.update(b"ab")
    hasher.update(memoryview(b"c"))
    assert hasher.hexdigest() == hasher.hexdigest() == by_hashlib(algorithm, b"abc")
    assert isinstance(hasher, BlockDigest) == (kernels.FUSED and algorithm in CHAINS)


@fused
@pytest.mark.parametrize("chunk_size", [1, 100, 1 << 20])
def test_the_report_is_that_of_hashlib(chunk_size: int) -> None:
    data = bytes(range(251)) * 5
    ours = installed()
    assert sum(isinstance(one, BlockDigestFold) for one in ours) == len(ALWAYS)
    others = [one for one in ours if not isinstance(one, BlockDigestFold)]
    plain = [DigestFold(name, partial(hashlib.new, name, usedforsecurity=False)) for name in ALWAYS]
    reports = [
        rorqual.scan(data, analyzers=analyzers, chunk_size=chunk_size, workers=2)
        for analyzers in (ours, [*others, *plain])
    ]
    assert body(reports[0]) == body(reports[1])


@fused
@pytest.mark.slow
def test_more_than_four_gibibits() -> None:
    zeros, times = bytes(8 << 20), 75  # 600 MiB
    digests = [BlockDigest(name) for name in CHAINS]
    hashers = [hashlib.new(name, usedforsecurity=False) for name in CHAINS]
    for index in range(times):
        data = memoryview(zeros)[: len(zeros) - (index == 0)]  # the others lie across blocks
        advance([(digest, data) for digest in digests])
        for hasher in hashers:
            hasher.update(data)
    assert [digest.hexdigest() for digest in digests] == [hasher.hexdigest() for hasher in hashers]
