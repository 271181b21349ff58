"""ECDSA verification over the three NIST curves that code is signed with: y^2 = x^3 - 3x + b over a prime field.

FIPS 186-5, section 6.4.2; points as X, Y, Z with x = X/Z^2 and y = Y/Z^3 (SEC 1). Nothing here is secret, so that
nothing needs to take the same time for every key. Compressed points are not handled.
"""

from typing import NamedTuple

Point = tuple[int, int, int]
_INFINITY: Point = (1, 1, 0)


class Curve(NamedTuple):
    """Its prime, coefficient b, generator and the order of that."""

    p: int
    b: int
    x: int
    y: int
    n: int


CURVES = {
    "P-256": Curve(
        2**256 - 2**224 + 2**192 + 2**96 - 1,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    ),
    "P-384": Curve(
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    ),
    "P-521": Curve(
        2**521 - 1,
        0x51953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00,
        0xC6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66,
        0x11839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650,
        2**521 - 2**260 + 0xA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409,
    ),
}


def verifies(curve: Curve, point: bytes, digest: bytes, r: int, s: int) -> bool:
    """Whether (r, s) signs the digest for the uncompressed public point; a point off the curve signs nothing."""
    size = (curve.p.bit_length() + 7) // 8
    if not 0 < r < curve.n or not 0 < s < curve.n or len(point) != 2 * size + 1 or point[0] != 4:
        return False
    x, y = int.from_bytes(point[1 : size + 1], "big"), int.from_bytes(point[size + 1 :], "big")
    if x >= curve.p or y >= curve.p or (y * y - x * x * x + 3 * x - curve.b) % curve.p:
        return False
    excess = max(0, 8 * len(digest) - curve.n.bit_length())
    message = int.from_bytes(digest, "big") >> excess
    inverse = pow(s, -1, curve.n)
    sum_x, _, sum_z = _double_product(
        curve, message * inverse % curve.n, (curve.x, curve.y, 1), r * inverse % curve.n, (x, y, 1)
    )
    if not sum_z:
        return False
    return sum_x * pow(sum_z, -2, curve.p) % curve.p % curve.n == r


def _double_product(curve: Curve, u: int, one: Point, v: int, other: Point) -> Point:
    """u * one + v * other, bit by bit of both at once (Shamir's trick)."""
    table = (_INFINITY, one, other, _add(curve.p, one, other))
    total = _INFINITY
    for bit in range(max(u.bit_length(), v.bit_length()) - 1, -1, -1):
        total = _double(curve.p, total)
        choice = (u >> bit & 1) | (v >> bit & 1) << 1
        if choice:
            total = _add(curve.p, total, table[choice])
    return total


def _double(p: int, point: Point) -> Point:
    x, y, z = point
    if not z or not y:
        return _INFINITY
    yy = y * y % p
    s = 4 * x * yy % p
    zz = z * z % p
    m = 3 * (x - zz) * (x + zz) % p  # for a = -3
    new_x = (m * m - 2 * s) % p
    return new_x, (m * (s - new_x) - 8 * yy * yy) % p, 2 * y * z % p


def _add(p: int, one: Point, other: Point) -> Point:
    x1, y1, z1 = one
    x2, y2, z2 = other
    if not z1:
        return other
    if not z2:
        return one
    zz1, zz2 = z1 * z1 % p, z2 * z2 % p
    u1, u2 = x1 * zz2 % p, x2 * zz1 % p
    s1, s2 = y1 * zz2 * z2 % p, y2 * zz1 * z1 % p
    if u1 == u2:
        return _double(p, one) if s1 == s2 else _INFINITY
    h, r = u2 - u1, s2 - s1
    hh = h * h % p
    hhh, v = h * hh % p, u1 * hh % p
    x = (r * r - hhh - 2 * v) % p
    return x, (r * (v - x) - s1 * hhh) % p, h * z1 * z2 % p
