"""The CMS message of a code signature: who signed the code directory.

It is detached SignedData over the first code directory. Apple writes the outer values in BER with indefinite lengths;
these are made definite, and the readers of Authenticode's messages do the rest. No trust store is asked.
"""

from typing import NamedTuple

from rorqual.analyzers.formats.der import Der
from rorqual.analyzers.formats.pe.signing.signed_data import check_signer, read_signed_data, read_signer
from rorqual.analyzers.formats.x509 import oids
from rorqual.analyzers.formats.x509.certificates import Certificate, Pool, serial_text
from rorqual.sdk import Malformed, View

CMS_MOST = 1 << 20  # bytes of a message read; real ones have 4 to 12 KB
DEPTH_MOST = 16  # values of indefinite length in each other; messages have five
SIGNERS_MOST = 8  # there is one
_LENGTH_MOST = 4


class Signed(NamedTuple):
    """What a message says, for its first signer that can be read."""

    signers: int
    signer: Certificate | None
    serial: str | None
    digest: str | None
    signing_time: str | None
    digest_matches: bool | None  # of the code directory
    signature_holds: bool | None
    certificates: tuple[Certificate, ...]
    chain_complete: bool | None


def read_cms(data: bytes, view: View, offset: int, directory: bytes | None) -> Signed | None:
    """The message; None where it is not understood."""
    try:
        return _read(definite(data, view), view, offset, directory)
    except Malformed:
        return None


def definite(data: bytes, view: View) -> bytes:
    """The message with definite lengths alone.

    Raises:
        Malformed: it ends too early, or is too deep.
    """
    if data[1:2] != b"\x80":
        return data
    return _definite(data, 0, view, 0)[0]


def _definite(data: bytes, at: int, view: View, depth: int) -> tuple[bytes, int]:
    """The value at a place with a definite length, and where it ended."""
    view.step()
    if depth > DEPTH_MOST or len(data) - at < 2 or data[at] & 0x1F == 0x1F:
        raise Malformed(view.offset, "a value of BER")
    first = data[at + 1]
    if first != 0x80:
        octets = first & 0x7F if first > 0x80 else 0
        size = int.from_bytes(data[at + 2 : at + 2 + octets], "big") if octets else first
        end = at + 2 + octets + size
        if octets > _LENGTH_MOST or end > len(data):
            raise Malformed(view.offset, "a length of BER within the message")
        return data[at:end], end
    tag, parts = data[at : at + 1], []
    at += 2
    while data[at : at + 2] != b"\0\0":
        part, at = _definite(data, at, view, depth + 1)
        parts.append(part)
    content = b"".join(parts)
    if len(content) < 0x80:
        return tag + bytes([len(content)]) + content, at + 2
    octets = (len(content).bit_length() + 7) // 8
    return tag + bytes([0x80 | octets]) + len(content).to_bytes(octets, "big") + content, at + 2


def _read(data: bytes, view: View, offset: int, directory: bytes | None) -> Signed:
    message = read_signed_data(Der(data, offset, view.step).value())
    pool = Pool(message.certificates, {})
    for value in message.signers[:SIGNERS_MOST]:
        signer = read_signer(value)
        checked = check_signer(signer, directory, pool)
        times = signer.signed.get(oids.SIGNING_TIME, [])
        certificate, chain = checked.certificate, checked.chain
        return Signed(
            signers=len(message.signers),
            signer=certificate,
            serial=serial_text(signer.serial),
            digest=signer.digest,
            signing_time=times[0].time() if times else None,
            digest_matches=checked.digest_matches,
            signature_holds=checked.signature_holds,
            certificates=tuple(message.certificates),
            chain_complete=None if chain is None else chain.complete,
        )
    return Signed(0, None, None, None, None, None, None, tuple(message.certificates), None)
