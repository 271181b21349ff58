"""What a checked signature comes to: its problems by name, and a status that follows from them."""

from collections.abc import Iterable
from dataclasses import replace

from rorqual.analyzers.formats.pe.signature_bodies import PEAuthenticode, PESigner, PETimestamp
from rorqual.analyzers.formats.pe.x509 import Chain

_STATUSES = (  # the first that has one of the problems
    (
        "broken",
        {
            "digest_mismatch",
            "message_digest_mismatch",
            "signature_invalid",
            "chain_signature_invalid",
            "timestamp_digest_mismatch",
            "timestamp_broken",
        },
    ),
    (
        "unsupported",
        {
            "digest_algorithm_unsupported",
            "signature_algorithm_unsupported",
            "chain_algorithm_unsupported",
        },
    ),
    ("incomplete", {"digest_not_compared", "signer_certificate_missing", "time_missing"}),
    ("expired", {"expired_when_signed", "not_yet_valid_when_signed"}),
    ("self_signed", {"self_signed"}),
)
BROKEN = _STATUSES[0][1]
COMPARABLE = ("md5", "sha1", "sha256", "sha384", "sha512")


def status_of(problems: Iterable[str]) -> str:
    """The gravest; "valid" where none says otherwise."""
    found = set(problems)
    return next((status for status, those in _STATUSES if found & those), "valid")


def timestamp_problems(stamp: PETimestamp, chain: Chain | None) -> tuple[str, ...]:
    """What is wrong with a time stamp."""
    found = list(_signer(stamp.signer))
    if stamp.digest_matches is False:
        found.append("timestamp_digest_mismatch")
    elif stamp.digest_matches is None:
        found.append("digest_algorithm_unsupported")
    if stamp.time is None:
        found.append("time_missing")
    else:
        found += _validity(chain, stamp.time)
    return tuple(dict.fromkeys(found))


def signature_problems(signer: PESigner, stamps: Iterable[PETimestamp], chain: Chain | None) -> tuple[str, ...]:
    """What is wrong with a signature, the digest of the file apart."""
    found = list(_signer(signer))
    for stamp in stamps:
        if stamp.status == "broken":
            found.append("timestamp_broken")
        elif stamp.time is not None and stamp.status in ("valid", "self_signed", "expired"):
            found += _validity(chain, stamp.time)
    return tuple(dict.fromkeys(found))


def concluded(signature: PEAuthenticode) -> PEAuthenticode:
    """The signature, judged once the file's digest is filled in; or without it, as it may stay."""
    actual = getattr(signature, signature.digest_algorithm) if signature.digest_algorithm in COMPARABLE else None
    problems = [one for one in signature.problems if one != "digest_not_compared"]
    matches = None
    if signature.digest_algorithm not in COMPARABLE:
        problems.append("digest_algorithm_unsupported")
    elif actual is None:
        problems.append("digest_not_compared")
    else:
        matches = actual == signature.digest
        problems += [] if matches else ["digest_mismatch"]
    told = tuple(dict.fromkeys(problems))
    return replace(signature, digest_matches=matches, problems=told, status=status_of(told))


def _signer(signer: PESigner) -> Iterable[str]:
    if signer.message_digest_matches is False:
        yield "message_digest_mismatch"
    if signer.subject is None:
        yield "signer_certificate_missing"
        return
    if signer.signature_valid is False:
        yield "signature_invalid"
    elif signer.signature_valid is None:
        yield "signature_algorithm_unsupported"
    if signer.chain_valid is False:
        yield "chain_signature_invalid"
    elif signer.chain_valid is None:
        yield "chain_algorithm_unsupported"
    if signer.self_signed:
        yield "self_signed"


def _validity(chain: Chain | None, time: str) -> Iterable[str]:
    """ISO times of one form compare as texts do. A root's own validity is for whoever trusts it to judge."""
    links = chain.certificates if chain else ()
    for one in links:
        if one.names_itself and one is not links[0]:
            continue
        if time > one.not_after:
            yield "expired_when_signed"
        elif time < one.not_before:
            yield "not_yet_valid_when_signed"
