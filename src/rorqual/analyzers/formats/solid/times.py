"""Dates as archives store them, as ISO 8601 text; without a "Z" it is the local time of whoever packed."""

from datetime import datetime, timedelta

_UNIX = datetime(1970, 1, 1)
_WINDOWS = datetime(1601, 1, 1)


def dos_time(value: int) -> str | None:
    """MS-DOS date and time: the date in the upper 16 bits, to two seconds."""
    date, time = value >> 16, value & 0xFFFF
    try:
        moment = datetime(
            1980 + (date >> 9), date >> 5 & 15, date & 31, time >> 11, time >> 5 & 63, min(59, (time & 31) * 2)
        )
    except ValueError:
        return None
    return moment.isoformat()


def unix_time(seconds: int) -> str | None:
    """Seconds since 1970."""
    return _since(_UNIX, seconds)


def file_time(ticks: int) -> str | None:
    """Units of 100 ns since 1601."""
    return _since(_WINDOWS, ticks // 10_000_000) if ticks else None


def _since(start: datetime, seconds: int) -> str | None:
    try:
        return (start + timedelta(seconds=seconds)).isoformat() + "Z"
    except OverflowError:
        return None
