"""Moments as the files of programs count them, told as "2020-09-13T12:26:40Z"."""

from datetime import UTC, datetime, timedelta

_UNIX = datetime(1970, 1, 1, tzinfo=UTC)
_WINDOWS = datetime(1601, 1, 1, tzinfo=UTC)


def unix(seconds: int) -> str | None:
    """Seconds since 1970; None where there is no such time, or none was set."""
    return _text(_UNIX, seconds)


def filetime(ticks: int) -> str | None:
    """Steps of 100 ns since 1601; None where there is no such time, or none was set."""
    return _text(_WINDOWS, ticks // 10_000_000)


def _text(start: datetime, seconds: int) -> str | None:
    if seconds <= 0:
        return None
    try:
        moment = start + timedelta(seconds=seconds)
    except OverflowError:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment.year >= 1000 else None
