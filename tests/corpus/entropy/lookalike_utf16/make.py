"""UTF-16 text has a zero in every other byte: text, not data, and no run."""


def build() -> bytes:
    words = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta")
    return " ".join(words[n * n % 7] + words[n % 8] + str(n) for n in range(4000)).encode("utf-16-le")
