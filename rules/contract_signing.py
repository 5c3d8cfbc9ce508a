"""What was signed, corrected: dates and setup fee of a contract, until an invoice holds them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

from rules.business_days import add_months
from rules.contract_checks import AdhesionTooFar, SetupAccountRequired, SignatureTooFar
from rules.money import ZERO
from rules.refusals import Refusal, written_date

#: What the setup's instalments are made of.
SETUP_AMOUNTS = frozenset({"setup_fee", "setup_instalments", "adhesion_date"})
SETUP = SETUP_AMOUNTS | {"setup_account_id", "setup_composition"}


class SetupAlreadyInvoiced(Refusal):
    message = (
        "A adesão já está na fatura %(invoice)s: o que foi faturado não muda aqui. Dê um desconto "
        "ou cobre a diferença como serviço adicional."
    )


class SignatureAlreadyInvoiced(Refusal):
    message = (
        "A fatura %(invoice)s já saiu por esta assinatura: prazo, fidelidade e reajuste contam "
        "dela, e o cliente já foi cobrado assim."
    )
    field = "signed_on"


class SignedDayRequired(Refusal):
    message = "Informe a data."


class Signed(Protocol):
    """What was signed, as it is to be."""

    @property
    def adhesion_date(self) -> date | None: ...
    @property
    def signed_on(self) -> date | None: ...
    @property
    def setup_fee(self) -> Decimal: ...
    @property
    def setup_account_id(self) -> int | None: ...


@dataclass(frozen=True)
class Invoiced:
    """The invoices that hold a contract's setup, and any of it; "": none does yet.

    The days are those within which a contract may be signed, and joined.
    """

    setup: str = ""
    any: str = ""
    adhesion_window_days: int = 60
    longest_term_months: int = 120


NOTHING_INVOICED = Invoiced()


def signing_faults(
    signed: Signed, invoiced: Invoiced, *, changed: frozenset[str], today: date
) -> Iterator[Refusal]:
    """Everything that stands against a correction, each beside its field."""
    corrected = sorted(SETUP & changed)
    if corrected and invoiced.setup:
        yield SetupAlreadyInvoiced(field=corrected[0], invoice=invoiced.setup)
    if corrected and signed.setup_fee > ZERO and signed.setup_account_id is None:
        yield SetupAccountRequired()
    latest = today + timedelta(days=invoiced.adhesion_window_days)
    if "adhesion_date" in changed:
        if signed.adhesion_date is None:
            yield SignedDayRequired(field="adhesion_date")
        elif signed.adhesion_date > latest:
            yield AdhesionTooFar(latest=written_date(latest))
    if "signed_on" in changed:
        yield from _signature_faults(signed.signed_on, invoiced, today, latest)


def _signature_faults(
    signed_on: date | None, invoiced: Invoiced, today: date, latest: date
) -> Iterator[Refusal]:
    if invoiced.any:
        yield SignatureAlreadyInvoiced(invoice=invoiced.any)
    earliest = add_months(today, months=-invoiced.longest_term_months)
    if signed_on is None:
        yield SignedDayRequired(field="signed_on")
    elif not earliest <= signed_on <= latest:
        yield SignatureTooFar(earliest=written_date(earliest), latest=written_date(latest))
