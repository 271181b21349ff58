"""What analyzers say is checked once, where it comes in: it must lie in the source and fit the public format."""

from rorqual.findings.record import Finding, Place, canonical
from rorqual.sdk import Closed, Codec, Extent, Hit, RangeDigest, Refused, Region, Said, TailDigest


def check_finding(finding: Finding, place: Place) -> None:
    """A finding is about the source at `place`, lies in it, and its body has a JSON form.

    Raises:
        TypeError, ValueError: it does not.
    """
    check_span(finding, place)
    canonical(finding.body)


def check_span(finding: Finding, place: Place) -> None:
    """The same but for the JSON form, which the journal asks for where the finding goes there at once.

    Raises:
        TypeError, ValueError: it does not.
    """
    if not isinstance(finding, Finding):
        raise TypeError(f"{type(finding).__name__}: not a finding")
    if finding.place != place:
        raise ValueError(f"finding at {finding.place}: not about the source at {place}")
    _check_span("finding", finding.offset, finding.size)


def check_said(said: Said, hit: Hit, place: Place, announces: tuple[str, ...] = ()) -> None:
    """What a probe says of the place it was woken at; `announces` are the kinds of regions it may wake others by.

    Raises:
        TypeError, ValueError: it begins before the source does, is of negative size, or is nothing a probe may say.
    """
    match said:
        case Finding():
            check_span(said, place)
        case RangeDigest():
            check_finding(said.finding, place)
            missing = [name for name in said.fields if name not in said.finding.body.__dataclass_fields__]
            if missing:
                raise ValueError(f"range digest: {said.finding.kind} has no field {min(missing)}")
            for offset, size in said.ranges:
                _check_span("range digest", offset, size)
        case TailDigest():
            _check_span("tail digest", said.offset, 0)
        case Extent():
            _check_span("extent", hit.offset + said.at, said.size)
            if not isinstance(said.format, str):
                raise TypeError(f"extent: {said.format!r} is no format")
        case Closed() | Refused():
            _check_span(type(said).__name__.lower(), hit.offset + said.at, said.size)
        case Region():
            _check_span("region", hit.offset + said.at, 0 if said.size is None else said.size)
            if not isinstance(said.through, Codec | None):
                raise TypeError(f"region: {said.through!r} is no codec")
            if said.through is None and said.kind not in announces:
                raise ValueError(f"region {said.kind}: not among the kinds that {hit.analyzer} announces")
            if said.through is not None and said.through.decode is None and said.size is None:
                raise ValueError(f"region through {said.through.name}: a part of a source has a size")
        case _:
            raise TypeError(f"{type(said).__name__}: not something a probe may say")


def check_candidate(region: Region, announces: tuple[str, ...]) -> None:
    """What a fold spotted: bytes of the source itself, for probes to look at.

    Raises:
        ValueError: it decodes, lies outside, or is of a kind that the fold does not announce.
    """
    if region.kind not in announces:
        raise ValueError(f"region {region.kind}: not among the kinds that are announced")
    if region.through is not None:
        raise ValueError(f"region through {region.through.name}: a fold decodes nothing")
    _check_span("region", region.at, region.size or 0)


def _check_span(what: str, offset: int, size: int) -> None:
    if offset < 0 or size < 0:
        raise ValueError(f"{what}: {size} bytes at offset {offset} do not lie in the source")
