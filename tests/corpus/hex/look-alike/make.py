"""What a run would begin with, without a run behind it: nothing may be said of these."""


def build() -> bytes:
    return b"504b0304 and 4d5a900003000000 are magic numbers, \\x7f\\x45\\x4c\\x46 too; 0x25,0x50,0x44,0x46,0x2d\n"
