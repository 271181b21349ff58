"""docs/formats.md says what the modules say."""

from scripts import write_formats


def test_page_of_formats_is_that_of_the_modules() -> None:
    assert write_formats.TARGET.read_text(encoding="utf-8") == write_formats.text(), (
        "run python -m scripts.write_formats"
    )
