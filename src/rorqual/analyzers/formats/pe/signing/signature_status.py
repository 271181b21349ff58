"""What a checked signature comes to: its problems by name, and a status that follows from them."""

from collections.abc import Iterable
from dataclasses import replace

from rorqual.analyzers.formats.pe.signing.signature_bodies import PEAuthenticode, PESigner, PETimestamp
from rorqual.analyzers.formats.pe.signing.signed_data import Checked
from rorqual.analyzers.formats.x509.certificates import Chain

_STATUSES = (  # the first that has one of the problems
    (
        "broken",
        {
            "digest_mismatch",
            "message_digest_mismatch",
            "digest_algorithms_differ",
            "content_type_mismatch",
            "signature_invalid",
            "chain_signature_invalid",
            "issuer_not_authority",
            "usage_not_code_signing",
            "usage_not_time_stamping",
            "certificates_inside_image",
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
            "certificate_table_not_last",  # what of the file is signed then, verifiers do not agree on
        },
    ),
    ("incomplete", {"digest_not_compared", "signer_certificate_missing", "time_missing"}),
    ("expired", {"expired_when_signed", "not_yet_valid_when_signed"}),
    ("self_signed", {"self_signed"}),
)
BROKEN = _STATUSES[0][1]
_COUNTED = ("valid", "self_signed", "expired")  # time stamps whose time is believed
COMPARABLE = ("md5", "sha1", "sha256", "sha384", "sha512")


def status_of(problems: Iterable[str]) -> str:
    """The gravest; "valid" where none says otherwise."""
    found = set(problems)
    return next((status for status, those in _STATUSES if found & those), "valid")


def timestamp_problems(stamp: PETimestamp, checked: Checked) -> tuple[str, ...]:
    """What is wrong with a time stamp."""
    found, chain = list(_signer(stamp.signer, checked)), checked.chain
    # RFC 3161, section 2.3: its certificate must say so by name, where one for code need not.
    if chain and not ("time_stamping" in (chain.certificates[0].purposes or ()) and chain.allows("time_stamping")):
        found.append("usage_not_time_stamping")
    if stamp.digest_matches is False:
        found.append("timestamp_digest_mismatch")
    elif stamp.digest_matches is None:
        found.append("digest_algorithm_unsupported")
    if stamp.time is None:
        found.append("time_missing")
    else:
        found += _validity(chain, stamp.time)
    return tuple(dict.fromkeys(found))


def signature_problems(
    signer: PESigner, stamps: Iterable[PETimestamp], checked: Checked, content_digest: str
) -> tuple[str, ...]:
    """What is wrong with a signature, the digest of the file apart; `content_digest` is its algorithm."""
    found, chain = list(_signer(signer, checked)), checked.chain
    if content_digest != signer.digest_algorithm:
        found.append("digest_algorithms_differ")
    if chain and not chain.allows("code_signing"):
        found.append("usage_not_code_signing")
    for stamp in stamps:
        if stamp.status == "broken":
            found.append("timestamp_broken")
        elif stamp.time is not None and believed(stamp):
            found += _validity(chain, stamp.time)
    return tuple(dict.fromkeys(found))


def believed(stamp: PETimestamp) -> bool:
    """Whether validity is held against its time."""
    return stamp.time is not None and stamp.status in _COUNTED


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


def _signer(signer: PESigner, checked: Checked) -> Iterable[str]:
    yield from checked.problems
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
    if checked.chain and not checked.chain.by_authorities:
        yield "issuer_not_authority"
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
