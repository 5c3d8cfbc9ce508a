"""Return files to train with: what the bank is made to say of each invoice that was chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from rules import cnab_240, cnab_400
from rules.cnab import BankNotKnown
from rules.cnab_samples import SampleTitle, as_sent, spoil, write_return
from rules.cnab_samples_240 import spoil_240, write_return_240
from rules.cnab_titles import TitleOutcome
from rules.money import CENT, ZERO, round_half_up
from rules.refusals import Refusal

#: So many invoices at once are enough to train with.
MOST = 200
#: What the bank keeps of each payment, what is paid too much, and whose number nobody has.
FEE, TOO_MUCH, NOBODYS = Decimal("1.90"), Decimal("10.00"), "999999999999"
_LAYOUTS: Mapping[int, Mapping[str, object]] = {240: cnab_240.LAYOUTS, 400: cnab_400.LAYOUTS}


class Fate(StrEnum):
    """What is made to happen to an invoice at the bank."""

    DUE = "due"
    OPEN = "open"
    SHORT = "short"
    OVER = "over"
    TWICE = "twice"
    REJECTED = "rejected"
    WRITTEN_OFF = "written_off"


_UNPAID = {Fate.REJECTED: TitleOutcome.REJECTED, Fate.WRITTEN_OFF: TitleOutcome.WRITTEN_OFF}


class NotForTraining(Refusal):
    message = (
        "Este ambiente cobra gente de verdade e não faz retornos de treino. Num ambiente de "
        "treinamento, ACERTO_TRAINING=true os permite."
    )


class SampleWithoutLines(Refusal):
    message = "Escolha ao menos uma fatura, ou o título que ninguém conhece."


class SampleOfManyBanks(Refusal):
    message = "As faturas escolhidas são de bancos diferentes (%(banks)s): um retorno é de um só."


class SampleInvoiceNotFound(Refusal):
    message = "Uma das faturas escolhidas não existe ou não está mais em aberto."


class SampleTooLong(Refusal):
    message = "Escolha no máximo %(most)s faturas por arquivo."


@dataclass(frozen=True)
class Owed:
    """An invoice as the bank knows its boleto, and what it costs on the day it is paid."""

    our_number: str
    your_number: str
    due_date: date
    open_amount: Decimal
    total: Decimal
    charges: Decimal


def check_bank(bank: str, *, columns: int) -> None:
    """This will refuse a bank whose files are not read in so many columns (BankNotKnown)."""
    if bank not in _LAYOUTS[columns]:
        raise BankNotKnown(bank=bank, columns=columns)


def columns_of(bank: str) -> int:
    """In how many columns a bank's files are read; 400 where both are."""
    return next((each for each in (400, 240) if bank in _LAYOUTS[each]), 400)


def our_number_width(bank: str, *, columns: int) -> int:
    """How many characters of a boleto's number the bank's files hold."""
    layouts = cnab_240.LAYOUTS if columns == cnab_240.COLUMNS else cnab_400.LAYOUTS
    span = layouts[bank].our_number
    return span.last - span.first + 1


def titles_of(owed: Owed, fate: Fate, *, on: date) -> list[SampleTitle]:
    """This will make the lines of one invoice; two where it is paid twice."""
    told = SampleTitle(owed.your_number, owed.our_number, owed.due_date, owed.open_amount, on)
    if fate in _UNPAID:
        return [replace(told, outcome=_UNPAID[fate])]
    is_whole = fate not in {Fate.OPEN, Fate.SHORT}
    paid = replace(
        told, paid=_paid(owed, fate), fee=FEE, interest=owed.charges if is_whole else ZERO
    )
    return [paid] * (2 if fate is Fate.TWICE else 1)


def _paid(owed: Owed, fate: Fate) -> Decimal:
    if fate is Fate.OPEN:
        return owed.open_amount
    if fate is Fate.SHORT:
        return max(round_half_up(owed.open_amount / 2), CENT)
    return owed.total + (TOO_MUCH if fate is Fate.OVER else ZERO)


def unknown_title(*, on: date) -> SampleTitle:
    """A payment of a boleto that nobody has: it is another company's."""
    amount = Decimal("99.90")
    return SampleTitle("", NOBODYS, on, amount, on, paid=amount, fee=FEE)


def write_sample(
    titles: Sequence[SampleTitle], *, bank: str, columns: int, spoils_last: bool = False
) -> bytes:
    """This will write the file; with `spoils_last`, what its last title paid cannot be read.

    Refuses a bank whose files are not read in so many columns (BankNotKnown).
    """
    check_bank(bank, columns=columns)
    if columns == cnab_240.COLUMNS:
        lines = write_return_240(titles, bank=bank)
        place, spoilt = -3, spoil_240(lines[-3])
    else:
        lines = write_return(titles, number=0, bank=bank)
        place, spoilt = -2, spoil(lines[-2], bank=bank)
    if spoils_last:
        lines[place] = spoilt
    return as_sent(lines)
