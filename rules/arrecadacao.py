"""Arrecadação: the 48 digits on bills of utilities and telecom operators (FEBRABAN, version 5).

The code has 44 digits: 8, segment, value identifier, check digit, value of 11, company and free
digits of 29. What is typed are four blocks of 11, each followed by its own check digit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from rules.check_digits import modulo_10, modulo_11
from rules.money import from_cents
from rules.refusals import Refusal

PRODUCT = "8"
_BY_MODULO_10 = "67"
_IN_REAIS = "68"

_CODE = re.compile(r"8[1-9][6-9]\d{41}", re.ASCII)
_TYPED_LINE = re.compile(r"\d{48}", re.ASCII)


class ArrecadacaoNotReadable(Refusal):
    message = "O código da conta deve começar com 8 e ter 44 ou 48 dígitos."
    field = "code"


class ArrecadacaoDigitWrong(Refusal):
    message = "O dígito verificador do bloco %(block)s da conta não confere. Digite-o de novo."
    field = "code"


@dataclass(frozen=True)
class Arrecadacao:
    """What the code of a bill says: segment 4 is telecom.

    `amount` is None where it counts another currency's units.
    """

    segment: str
    amount: Decimal | None
    company_and_free: str


def read_line(text: str) -> Arrecadacao:
    """This will read a bill's code: the 44 digits of the bars, or the 48 that are typed.

    Refuses what is no such code (ArrecadacaoNotReadable) and names the block whose check digit is
    wrong (ArrecadacaoDigitWrong); block 0 is the digit over the whole.
    """
    digits = re.sub(r"[\s.-]", "", text)
    code = _without_block_digits(digits) if _TYPED_LINE.fullmatch(digits) else digits
    if not _CODE.fullmatch(code):
        raise ArrecadacaoNotReadable
    if _check_digit(code[:3] + code[4:], identifier=code[2]) != int(code[3]):
        raise ArrecadacaoDigitWrong(block=0)
    in_reais = code[2] in _IN_REAIS
    return Arrecadacao(
        segment=code[1],
        amount=from_cents(int(code[4:15])) if in_reais else None,
        company_and_free=code[15:],
    )


def _check_digit(digits: str, *, identifier: str) -> int:
    return modulo_10(digits) if identifier in _BY_MODULO_10 else modulo_11(digits)


def _without_block_digits(digits: str) -> str:
    for block, start in enumerate(range(0, 48, 12), start=1):
        part = digits[start : start + 12]
        if _check_digit(part[:-1], identifier=digits[2]) != int(part[-1]):
            raise ArrecadacaoDigitWrong(block=block)
    return "".join(digits[start : start + 11] for start in range(0, 48, 12))
