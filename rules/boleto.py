"""Boletos: the barcode of 44 digits, the typed line of 47, and the due date hidden in both.

The due-date factor counts days since 7 October 1997. After 9999 (21 February 2025) it went on at
1000, so a factor alone names several dates: reading it takes a date of today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rules.check_digits import modulo_10, modulo_11_remainder
from rules.money import from_cents, parse_not_negative, to_cents
from rules.refusals import Refusal, written_amount, written_date

#: The currency digit of the real.
REAL = "9"
NO_DUE_DATE = "0000"
FACTOR_EPOCH = date(1997, 10, 7)
FIRST_FACTOR = 1000
FACTORS_IN_A_CYCLE = 9000
# FEBRABAN's safety range around today, within which no two dates share a factor.
OLDEST_READ = timedelta(days=3000)
NEWEST_READ = timedelta(days=5500)
LARGEST_AMOUNT = Decimal("99999999.99")

_BARCODE = re.compile(r"\d{3}9\d{40}", re.ASCII)
_TYPED_LINE = re.compile(r"\d{47}", re.ASCII)
_BANK = re.compile(r"\d{3}", re.ASCII)
_FREE_FIELD = re.compile(r"\d{25}", re.ASCII)


class BoletoDueDateNotPossible(Refusal):
    message = "O vencimento %(due_date)s não cabe em um boleto. Informe uma data desde 03/07/2000."
    field = "due_date"


class BoletoAmountTooLarge(Refusal):
    message = "O valor R$ %(amount)s não cabe em um boleto. O máximo é R$ 99.999.999,99."
    field = "amount"


class BoletoNotReadable(Refusal):
    message = "O código do boleto deve ter 44 dígitos no código de barras ou 47 na linha digitável."
    field = "boleto"


class BoletoDigitWrong(Refusal):
    message = "O dígito verificador do campo %(part)s do boleto não confere. Digite-o de novo."
    field = "boleto"


class BoletoFactorNotReadable(Refusal):
    message = "O fator de vencimento %(factor)s não corresponde a uma data próxima de hoje."
    field = "boleto"


@dataclass(frozen=True)
class Boleto:
    """What a barcode says. `free_field` is the bank's own 25 digits.

    No due date: payable at any time. An amount of zero: the payer chooses it.
    """

    bank: str
    due_date: date | None
    amount: Decimal
    free_field: str


def barcode(boleto: Boleto) -> str:
    """This will give the 44 digits of a boleto's barcode.

    Refuses a due date before factors began (BoletoDueDateNotPossible), an amount that is negative,
    has fractions of a cent or does not fit (BoletoAmountTooLarge). Digits of another count are a
    ValueError.
    """
    if not _BANK.fullmatch(boleto.bank) or not _FREE_FIELD.fullmatch(boleto.free_field):
        raise ValueError(f"bank {boleto.bank!r}, free field {boleto.free_field!r}")
    cents = to_cents(_fitting(boleto.amount))
    rest = f"{due_factor(boleto.due_date)}{cents:010d}{boleto.free_field}"
    head = f"{boleto.bank}{REAL}"
    return f"{head}{_general_digit(head + rest)}{rest}"


def due_factor(due_date: date | None) -> str:
    """This will give the four digits that stand for a due date. Refuses one before 3 July 2000."""
    if due_date is None:
        return NO_DUE_DATE
    days = (due_date - FACTOR_EPOCH).days
    if days < FIRST_FACTOR:
        raise BoletoDueDateNotPossible(due_date=written_date(due_date))
    return str(FIRST_FACTOR + (days - FIRST_FACTOR) % FACTORS_IN_A_CYCLE)


def due_date_of(factor: str, *, today: date) -> date | None:
    """This will give the due date that a factor means to somebody reading it today.

    None for 0000. Of all the dates that share the factor, it is the one from 3000 days before
    today to 5500 days after; where none is (BoletoFactorNotReadable), the boleto is too old.
    """
    if factor == NO_DUE_DATE:
        return None
    oldest = today - OLDEST_READ
    cycles = -(((oldest - FACTOR_EPOCH).days - int(factor)) // -FACTORS_IN_A_CYCLE)
    days = int(factor) + max(0, cycles) * FACTORS_IN_A_CYCLE
    found = FACTOR_EPOCH + timedelta(days=days)
    if int(factor) < FIRST_FACTOR or not oldest <= found <= today + NEWEST_READ:
        raise BoletoFactorNotReadable(factor=factor)
    return found


def typed_line(barcode: str) -> str:
    """This will give the 47 digits that a payer types for a barcode of 44."""
    fields = (barcode[:4] + barcode[19:24], barcode[24:34], barcode[34:])
    guarded = "".join(f"{field}{modulo_10(field)}" for field in fields)
    return f"{guarded}{barcode[4:19]}"


def written_line(line: str) -> str:
    """This will space a typed line as banks print it: 00190.00009 01238.798777 …"""
    fields = (line[:10], line[10:21], line[21:32])
    written = " ".join(f"{field[:5]}.{field[5:]}" for field in fields)
    return f"{written} {line[32]} {line[33:]}"


def read_typed_line(text: str) -> str:
    """This will give the barcode behind a typed line, spaced or not.

    Refuses what is no typed line (BoletoNotReadable) and names the field whose check digit is
    wrong (BoletoDigitWrong); the fourth is the barcode's own.
    """
    line = re.sub(r"[\s.]", "", text)
    if not _TYPED_LINE.fullmatch(line):
        raise BoletoNotReadable
    for part, field in enumerate((line[:10], line[10:21], line[21:32]), start=1):
        if modulo_10(field[:-1]) != int(field[-1]):
            raise BoletoDigitWrong(part=part)
    read = f"{line[:4]}{line[32:]}{line[4:9]}{line[10:20]}{line[21:31]}"
    _check_barcode(read)
    return read


def read_barcode(text: str, *, today: date) -> Boleto:
    """This will say what a barcode of 44 digits holds.

    Refuses BoletoNotReadable, BoletoDigitWrong and BoletoFactorNotReadable.
    """
    _check_barcode(text)
    return Boleto(
        bank=text[:3],
        due_date=due_date_of(text[5:9], today=today),
        amount=from_cents(int(text[9:19])),
        free_field=text[19:],
    )


def _check_barcode(text: str) -> None:
    if not _BARCODE.fullmatch(text):
        raise BoletoNotReadable
    if _general_digit(text[:4] + text[5:]) != int(text[4]):
        raise BoletoDigitWrong(part=4)


def _general_digit(digits: str) -> int:
    digit = 11 - modulo_11_remainder(digits)
    return digit if digit <= 9 else 1


def _fitting(amount: Decimal) -> Decimal:
    exact = parse_not_negative(amount, field="amount")
    if exact > LARGEST_AMOUNT:
        raise BoletoAmountTooLarge(amount=written_amount(exact))
    return exact
