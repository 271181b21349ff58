"""A finding's body by the names of its fields: renderers know the public format, not the analyzers."""

from collections.abc import Iterator

from rorqual.findings.record import Body, Json, encode


class Fields:
    """Fields that are missing or of another type than asked for are empty: analyzers have other versions."""

    def __init__(self, value: Json) -> None:
        self._fields = value if isinstance(value, dict) else {}

    @classmethod
    def of(cls, body: Body) -> "Fields":
        return cls(encode(body))

    @classmethod
    def part(cls, body: Body, *names: str) -> "Fields":
        """Of a body the fields named alone, where there are many bodies."""
        return cls({name: encode(getattr(body, name, None)) for name in names})

    def __iter__(self) -> Iterator[tuple[str, Json]]:
        return iter(self._fields.items())

    def text(self, name: str) -> str:
        value = self._fields.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> float | None:
        value = self._fields.get(name)
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None

    def whole(self, name: str) -> int | None:
        value = self._fields.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def record(self, name: str) -> "Fields":
        return Fields(self._fields.get(name))

    def false(self, name: str) -> bool:
        """Whether it is said not to be so, which is more than that nothing is said."""
        return self._fields.get(name) is False

    def true(self, name: str) -> bool:
        return self._fields.get(name) is True

    def items(self, name: str) -> list[Json]:
        value = self._fields.get(name)
        return value if isinstance(value, list) else []

    def texts(self, name: str) -> list[str]:
        return [item for item in self.items(name) if isinstance(item, str)]

    def numbers(self, name: str) -> list[float]:
        return [item for item in self.items(name) if isinstance(item, int | float)]

    def records(self, name: str) -> "list[Fields]":
        return [Fields(item) for item in self.items(name) if isinstance(item, dict)]
