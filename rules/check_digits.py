"""The sums behind the check digits of what banks and utilities print (FEBRABAN)."""

from __future__ import annotations

from itertools import cycle


def modulo_10(digits: str) -> int:
    """This will give the check digit by weights 2 and 1 from the right, adding each product's own.

    It guards the fields of a boleto's typed line, and arrecadação with value identifiers 6 and 7.
    """
    weighted = (
        int(digit) * weight for digit, weight in zip(reversed(digits), cycle((2, 1)), strict=False)
    )
    total = sum(sum(divmod(product, 10)) for product in weighted)
    return -total % 10


def modulo_11_remainder(digits: str) -> int:
    """This will give what is left of the sum by weights 2 to 9 from the right, divided by 11.

    What the remainders 0, 1 and 10 mean differs between boleto and arrecadação: each says so.
    """
    weights = cycle(range(2, 10))
    pairs = zip(reversed(digits), weights, strict=False)
    return sum(int(digit) * weight for digit, weight in pairs) % 11
