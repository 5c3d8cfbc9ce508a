"""The late charges in payments of a bank that tells of none: by each invoice's own terms, of what
the payments before left open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from activities.amounts_due import terms_by_invoice
from activities.payments import NewPayment
from models.payments import principal_paid
from rules.business_days import Calendar
from rules.cnab import tells_late_charges
from rules.cnab_titles import ReturnFile, Title
from rules.invoice_documents import Debt, amount_due, charges_within
from rules.late_charges import LateTerms, PrincipalPaid
from rules.money import ZERO
from rules.panels import InvoiceStatus
from rules.payment_application import Taken


@dataclass(frozen=True)
class Reckoning:
    """The terms of the invoices that a page's titles paid late, and what was paid of each by now.

    Without terms nothing is reckoned: the bank says what it is.
    """

    terms: Mapping[int, LateTerms]
    paid: dict[int, list[PrincipalPaid]]
    calendar: Calendar

    def charges_of(self, title: Title, invoice: Mapping[str, Any]) -> Decimal | None:
        """What of a payment is late charges, as its invoice stands now; None: not reckoned."""
        terms = self.terms.get(invoice["id"])
        if terms is None or title.occurred_on is None or not _is_late(title):
            return None
        if invoice["status"] != InvoiceStatus.OPEN or title.paid_amount <= invoice["open_amount"]:
            return ZERO  # nothing of it is beyond what is open
        paid = self.paid.get(invoice["id"], ())
        debt = Debt(invoice["open_amount"], invoice["due_date"], paid=paid)
        due = amount_due(debt, on=title.occurred_on, terms=terms, calendar=self.calendar)
        return charges_within(title.paid_amount, due)

    def follow(self, new: NewPayment, taken: Taken) -> None:
        """This will remember what an invoice took of a payment, for those after it."""
        if new.invoice_id in self.terms:
            paid = PrincipalPaid(new.paid_on, taken.applied, new.charges)
            self.paid.setdefault(new.invoice_id, []).append(paid)


async def open_reckoning(
    session: AsyncSession,
    file: ReturnFile,
    paying: Sequence[tuple[Title, int | None]],
    *,
    calendar: Calendar,
) -> Reckoning:
    """This will read what late payments of a page are reckoned by, however many they are."""
    if tells_late_charges(file.bank, file.columns):
        return Reckoning({}, {}, calendar)
    late = {of for title, of in paying if of is not None and _is_late(title)}
    return Reckoning(
        await terms_by_invoice(session, late), await principal_paid(session, late), calendar
    )


def _is_late(title: Title) -> bool:
    return title.occurred_on is not None and title.occurred_on > (title.due_date or date.min)
