"""First passwords."""

import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def first_password() -> str:
    """A password that can be read out: 16 letters and digits without look-alikes in groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(4))
