"""What is owed is said to whoever owes it, and to no other telephone (LGPD; CDC, art. 42)."""

from __future__ import annotations

import re
from collections.abc import Collection

from rules.refusals import Refusal

#: R$ 10, or an amount with its cents.
AMOUNT = re.compile(r"R\$\s*\d|(?<![\d,])\d{1,3}(\.?\d{3})*,\d\d(?![\d,])")


class AmountToThirdParty(Refusal):
    message = (
        "O número %(phone)s não é o do cliente: a terceiros não se diz quanto alguém deve. Tire o"
        " valor do texto, ou corrija antes o celular do cliente."
    )
    field = "to_address"


def tells_amount(text: str) -> bool:
    """Whether a text names an amount of money."""
    return AMOUNT.search(text) is not None


def check_secrecy(text: str, *, phone: str, known: Collection[str]) -> None:
    """This will refuse an amount in a message to a number that is not among the customer's."""
    if phone not in known and tells_amount(text):
        raise AmountToThirdParty(phone=phone)
