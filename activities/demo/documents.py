"""Documents that do not exist but whose check digits are right."""

from __future__ import annotations

import random
import string

DIGITS_AND_LETTERS = string.digits + string.ascii_uppercase


def cpf(rng: random.Random) -> str:
    """A CPF, bare. Receita Federal: both digits mod 11 over weights that fall to 2."""
    bare = "".join(rng.choices(string.digits, k=9))
    for weights in (range(10, 1, -1), range(11, 1, -1)):
        bare += _digit(bare, weights)
    return bare


def cnpj(rng: random.Random) -> str:
    """A CNPJ, bare; every other one with letters, as given out since July 2026 (IN RFB 2.229)."""
    letters = DIGITS_AND_LETTERS if rng.random() < 0.5 else string.digits
    bare = "".join(rng.choices(letters, k=8)) + "0001"
    for length in (12, 13):
        bare += _digit(bare, [(length - 1 - place) % 8 + 2 for place in range(length)])
    return bare


def _digit(bare: str, weights: range | list[int]) -> str:
    rest = sum((ord(char) - 48) * weight for char, weight in zip(bare, weights, strict=True)) % 11
    return str(0 if rest < 2 else 11 - rest)
