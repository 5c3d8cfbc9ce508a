"""Offers: the terms of an agreement before anybody agreed, and the agreement that they would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from rules.agreement_terms import AgreementKind, MakeAgreement
from rules.business_days import add_months
from rules.money import ZERO
from rules.proposal_instalments import check_reach
from rules.proposals import Components
from rules.refusals import Refusal

#: Side by side; more are compared by nobody.
MOST_OFFERS = 3
#: What is compared where the house offers less than that: at once, or in a few months.
USUAL_INSTALMENTS = (1, 3, 6)
USUAL_FIRST_DUE_DAYS = 5
USUAL_TOLERANCE_DAYS = 10


class OfferNotFound(Refusal):
    message = "Esta oferta não existe mais. Veja as que valem agora."


class OfferChanged(Refusal):
    message = "O valor desta oferta mudou. Confira e aceite de novo."


class OfferNeedsLedgerAccount(Refusal):
    message = "Falta o plano de contas deste percentual."


@dataclass(frozen=True)
class Terms:
    """What is offered. Percentages are of the principal; `offer_id` is the house's own offer."""

    name: str
    instalments: int
    first_due: date
    discount_percent: Decimal = ZERO
    discount_account_id: int | None = None
    increase_percent: Decimal = ZERO
    increase_account_id: int | None = None
    tolerance_days: int = USUAL_TOLERANCE_DAYS
    category_id: int | None = None
    offer_id: int | None = None

    @property
    def last_due(self) -> date:
        """When the last instalment falls due."""
        return add_months(self.first_due, months=max(self.instalments, 1) - 1)


def usual_terms(house: Sequence[Terms], *, today: date) -> list[Terms]:
    """This will make the house's offers up to three, by what is usual and not offered already."""
    first_due = today + timedelta(days=USUAL_FIRST_DUE_DAYS)
    offered = {each.instalments for each in house}
    others = [Terms("", n, first_due) for n in USUAL_INSTALMENTS if n not in offered]
    return [*house, *others][:MOST_OFFERS]


def command_of(
    terms: Terms, invoice_ids: tuple[int, ...], *, by: str, today: date
) -> MakeAgreement:
    """The agreement that these terms would be; its tolerance is after today whatever they say.

    Refuses instalments too far ahead (InstalmentsTooFarAhead).
    """
    check_reach(terms.first_due, count=terms.instalments)
    tolerance = terms.last_due + timedelta(days=terms.tolerance_days)
    return MakeAgreement(
        by=by,
        invoice_ids=invoice_ids,
        agreement_kind=AgreementKind.PROPOSAL,
        tolerance_date=max(tolerance, today + timedelta(days=1)),
        category_id=terms.category_id,
        components=Components(
            discount_percent=terms.discount_percent,
            discount_account_id=terms.discount_account_id,
            increase_percent=terms.increase_percent,
            increase_account_id=terms.increase_account_id,
        ),
        confirm_new_invoice=True,
        description=terms.name,
        count=terms.instalments,
        first_due=terms.first_due,
    )


def check_offer(*, percent: Decimal, account_id: int | None, field: str) -> None:
    """This will refuse a percentage that is booked nowhere."""
    if percent and account_id is None:
        raise OfferNeedsLedgerAccount(field=field)
