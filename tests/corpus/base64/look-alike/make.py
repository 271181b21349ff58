"""What a run would begin with, without a run behind it: nothing may be said of these."""


def build() -> bytes:
    short = b"UEsDBBQAAAAIAAAAIQ== and TVqQAAMAAAAEAAAA//8AALg= are how they begin; data:image/png;base64, does not follow\n"
    return short + b"atob('short') f0VMRg " + b"UEsDB" + b"!" * 60 + b" -enc ABCD!\n" + b"H4sIA" + b"AAAA" * 9 + b"?"
