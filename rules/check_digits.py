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

    A boleto's barcode makes other digits of it than the numbers of banks and arrecadação do.
    """
    weights = cycle(range(2, 10))
    pairs = zip(reversed(digits), weights, strict=False)
    return sum(int(digit) * weight for digit, weight in pairs) % 11


def modulo_11(digits: str) -> int:
    """This will give the check digit by that remainder, 0 where it would be 10 or 11."""
    remainder = modulo_11_remainder(digits)
    return 0 if remainder <= 1 else 11 - remainder
